using System.Globalization;

namespace LlmObs.PowerShell.Running;

/// <summary>Which part of the records a job runs.</summary>
/// <param name="Number">From 1 on.</param>
/// <param name="Count">How many parts there are.</param>
internal sealed record RunShard(int Number, int Count)
{
    /// <summary>The part that was given, or that the job of Azure Pipelines is (<c>strategy: parallel</c>).</summary>
    /// <returns>The part; null if nothing says that there are parts.</returns>
    public static RunShard? Of(TaskCmdlet cmdlet, int? number, int? count, bool isOfJob)
    {
        number ??= isOfJob ? FromJob(cmdlet, "SYSTEM_JOBPOSITIONINPHASE") : null;
        count ??= isOfJob ? FromJob(cmdlet, "SYSTEM_TOTALJOBSINPHASE") : null;
        if (number is null != count is null)
        {
            cmdlet.Refuse("-Shard and -ShardCount belong together.", "Give both, or -Sharded in a job of Azure Pipelines.");
        }

        if (number > count)
        {
            cmdlet.Refuse(FormattableString.Invariant($"There is no part {number} of {count}."), "Parts are counted from 1 on.");
        }

        return number is int one && count is int all ? new RunShard(one, all) : null;
    }

    private static int FromJob(TaskCmdlet cmdlet, string variable)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1)
        {
            cmdlet.Refuse($"-Sharded takes its part from the environment variable {variable}, and that holds no number.", "Use it in a job with strategy: parallel, or give -Shard and -ShardCount.");
        }

        return number;
    }
}
