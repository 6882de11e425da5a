namespace LlmObs.Client.Http;

/// <summary>When a failed request may be sent again.</summary>
internal enum RetrySafety
{
    /// <summary>After every failure that may pass, also where a success broke off: nothing is written, and all of it is needed.</summary>
    Reading,

    /// <summary>After every failure that may pass: repeating it does no harm, or less harm than losing it.</summary>
    AfterTransientFailure,

    /// <summary>Only where the service surely did not act on it: repeating it could do the same thing twice.</summary>
    WhenSurelyNotActedOn,
}
