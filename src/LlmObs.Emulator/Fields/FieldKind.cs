namespace LlmObs.Emulator.Fields;

/// <summary>What a field's value is; also the order of kinds in an answer.</summary>
internal enum FieldKind : byte
{
    Boolean,
    Integer,
    Real,
    Text,
    None,
}
