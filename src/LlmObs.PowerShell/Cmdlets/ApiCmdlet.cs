using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Text;

namespace LlmObs.PowerShell.Cmdlets;

/// <summary>A cmdlet that calls the API with the settings of a profile.</summary>
public abstract class ApiCmdlet : LlmObsCmdlet
{
    private Connection? _connection;

    private protected ApiCmdlet()
    {
    }

    /// <summary>The profile whose site and keys are used. See Set-LlmObsConfig.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string ProfileName { get; set; } = SessionProfile.DefaultName;

    private protected LlmObsClient Client
    {
        get
        {
            try
            {
                _connection ??= Connection.Of(ProfileName);
                return field ??= ClientCache.For(ProfileName, _connection);
            }
            catch (ConnectionException e)
            {
                ThrowTerminatingError(e.Error);
                throw; // never reached: the line above does not return
            }
        }
    }

    /// <summary>Resolves names; asks the service if necessary.</summary>
    private protected NameResolver Names => field ??= new NameResolver(this, Bridge, Client, RequireKeys);

    /// <summary>Sends a call and waits for its answer; a failure becomes an error of the pipeline.</summary>
    private protected bool TrySend<T>(ApiCall<T> call, object? target, [MaybeNullWhen(false)] out T answer)
    {
        RequireKeys();
        try
        {
            answer = Bridge.Await(token => call.SendAsync(new VerboseObserver(Bridge), token));
            SeenExperiments.Note(answer);
            if (answer is Experiment { Id.Length: > 0 } experiment)
            {
                Names.Known.Add(experiment);
            }

            return true;
        }
        catch (LlmObsException e)
        {
            Names.Known.InvalidateAfter(e);
            WriteError(Failures.ToRecord(e, target));
            answer = default;
            return false;
        }
    }

    private protected bool ShouldSend<T>(ApiCall<T> call, string caption) =>
        ShouldSend(() => $"{call.Method} {call.Address} {Encoding.UTF8.GetString(call.Body.Span)}", caption);

    /// <summary>Makes a call; a value that can't be sent becomes an error of the pipeline.</summary>
    /// <param name="make">Makes it.</param>
    /// <param name="what">The action that is then not done, as the end of a sentence: <c>Dataset 'faq' was not created</c>.</param>
    /// <param name="target">The error's target.</param>
    private protected bool TryMake<T>(Func<ApiCall<T>> make, string what, object? target, [NotNullWhen(true)] out ApiCall<T>? call)
    {
        try
        {
            call = make();
            return true;
        }
        catch (UnwritableValueException e)
        {
            WriteError(Failures.InvalidValue(e, $"{what}: {e.Message}.", target, "Change or leave out that value."));
        }
        catch (ArgumentException e)
        {
            WriteError(Failures.InvalidValue(e, $"{what}: {Failures.Reason(e).TrimEnd('.')}.", target, "Give an id or a name that Get-LlmObsProject or Get-LlmObsDataset returns."));
        }

        call = null;
        return false;
    }

    /// <summary>Ends the command if a request would be sent without keys.</summary>
    private protected void RequireKeys()
    {
        _ = Client;
        if (_connection is { NeedsKeys: true, HasKeys: false })
        {
            ThrowTerminatingError(Failures.MissingKeys(_connection.BaseUri.Host, _connection.ApiKey is not null, _connection.AppKey is not null, ProfileName));
        }
    }
}
