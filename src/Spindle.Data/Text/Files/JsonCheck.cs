using System.Text.Json;

namespace Spindle.Data.Text.Files;

/// <summary>Checks a JSON text before anything is built of it, so that nothing that is read of it later can fail: every name and text is whole, and the
/// values are not so many for the text's length that they would fill the memory.</summary>
internal static class JsonCheck
{
    // a value takes 12 bytes in memory, and up to three times that while the table of values grows
    private const int FreeValues = 1_400_000;
    private const int BytesPerFurtherValue = 14;

    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    /// <exception cref="FormatException">A name or text holds half a surrogate pair or bytes that are not UTF-8, or there are too many values.</exception>
    public static void Require(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var most = FreeValues + json.Length / BytesPerFurtherValue;
        var (values, characters) = (0, Array.Empty<char>());
        while (reader.Read())
        {
            if (++values > most) throw new FormatException($"has more than {most} values, which is too many for its {json.Length} bytes");
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) continue;
            try
            {
                if (reader.ValueSpan.Length > characters.Length) characters = new char[Math.Max(reader.ValueSpan.Length, 2 * characters.Length)];
                reader.CopyString(characters);
            }
            catch (InvalidOperationException)
            {
                throw new FormatException($"a text at byte {reader.TokenStartIndex} holds half a character");
            }
        }
    }
}
