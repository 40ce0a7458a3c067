namespace Spindle.Models.Checkpoints;

/// <summary>What a tensor may be called.</summary>
internal static class TensorName
{
    public const int Longest = 500;

    /// <summary>Whether a name can stand in a message of one line.</summary>
    public static bool IsSound(string name) => name.Length <= Longest && !name.Any(Breaks);

    private static bool Breaks(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';
}
