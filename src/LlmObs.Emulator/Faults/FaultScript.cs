using System.Globalization;

namespace LlmObs.Emulator.Faults;

/// <summary>Decides which fault, if any, a request meets. Thread-safe.</summary>
internal sealed class FaultScript
{
    private readonly Lock _gate = new();
    private readonly IReadOnlyList<EmulatorFault> _faults;
    private readonly int?[] _left;
    private readonly Random _random;

    /// <summary>A script.</summary>
    /// <param name="faults">The faults, in the order in which they are tried.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <exception cref="EmulatorException">A fault can't be played.</exception>
    public FaultScript(IReadOnlyList<EmulatorFault> faults, int seed)
    {
        _faults = faults;
        _left = [.. faults.Select(fault => fault.Count ?? (fault.Rate is null ? 1 : null))];
        _random = new Random(seed);
        for (int index = 0; index < faults.Count; index++)
        {
            if (Objection(faults[index]) is { } objection)
            {
                throw new EmulatorException(string.Create(CultureInfo.InvariantCulture, $"Fault {index + 1} can't be played: {objection}"));
            }
        }
    }

    /// <summary>The fault that is played for a request; null for none.</summary>
    /// <param name="method">The request's method.</param>
    public EmulatorFault? Draw(string method, string path)
    {
        if (_faults.Count == 0)
        {
            return null;
        }

        string request = $"{method} {path}";
        lock (_gate)
        {
            for (int index = 0; index < _faults.Count; index++)
            {
                EmulatorFault fault = _faults[index];
                bool isMeant = fault.On is not { } on || request.Contains(on, StringComparison.OrdinalIgnoreCase);
                if (!isMeant || _left[index] <= 0 || (fault.Rate is { } rate && _random.NextDouble() >= rate))
                {
                    continue;
                }

                _left[index]--;
                return fault;
            }
        }

        return null;
    }

    private static string? Objection(EmulatorFault fault)
    {
        if (fault.Rate is { } rate && !(rate >= 0 && rate <= 1))
        {
            return "its rate is not between 0 and 1.";
        }

        if (fault.Status is < 200 or > 599)
        {
            return "its status is not between 200 and 599.";
        }

        return fault.DelayMs < 0 ? "its delay is negative." : FaultHeaders.Objection(fault.Headers);
    }
}
