using System.Text;
using Spindle.Data.Text.Tokens;

namespace Spindle.Data.Text.Unigram;

/// <summary>What a piece of a SentencePiece model is for.</summary>
internal enum PieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>A piece with its log-probability.</summary>
internal readonly record struct ScoredPiece(string Text, double Score, PieceKind Kind);

/// <summary>A SentencePiece model of the Unigram kind (Kudo 2018): the fields of <c>sentencepiece_model.proto</c> that T5 uses.</summary>
/// <param name="Pieces">The pieces; their index is their id.</param>
/// <param name="CharacterMap">The normaliser's precompiled map, empty where it has none.</param>
internal sealed record SentencePieceModel(IReadOnlyList<ScoredPiece> Pieces, byte[] CharacterMap)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <exception cref="InvalidDataException">The file is damaged, or of another kind than Unigram.</exception>
    public static SentencePieceModel Read(string path)
    {
        var pieces = new List<ScoredPiece>();
        var characters = 0L;
        byte[] map = [];
        var reader = new ProtobufReader(File.ReadAllBytes(path), path);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    pieces.Add(Piece(reader.Message()));
                    characters += pieces[^1].Text.Length;
                    if (pieces.Count > Vocabulary.Largest || characters > Vocabulary.MostCharacters)
                        throw reader.Error($"has more than {Vocabulary.Largest} pieces, or {Vocabulary.MostCharacters} characters in them; download the file again");
                    break;
                case 2: CheckTrainer(reader.Message(), path); break;
                case 3: map = Map(reader.Message()); break;
            }
        }
        return pieces.Count == 0 ? throw new InvalidDataException($"{path}: has no pieces; is this a SentencePiece model?") : new(pieces, map);
    }

    private static ScoredPiece Piece(ProtobufReader reader)
    {
        var (text, score, kind) = ("", 0f, PieceKind.Normal);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: text = Text(reader); break;
                case 2: score = reader.Float; break;
                case 3: kind = Kind(reader); break;
            }
        }
        if (!float.IsFinite(score)) throw reader.Error("a piece's score is not a number; download the file again");
        if (kind == PieceKind.Byte) throw reader.Error("byte pieces are not read; T5's models have none");
        return new(text, score, kind);
    }

    private static PieceKind Kind(ProtobufReader reader) =>
        reader.Number is >= 1 and <= 6 ? (PieceKind)reader.Number : throw reader.Error("a piece of an unknown kind; download the file again");

    private static string Text(ProtobufReader reader)
    {
        try
        {
            return Strict.GetString(reader.Bytes);
        }
        catch (DecoderFallbackException)
        {
            throw reader.Error("a piece is not UTF-8; download the file again");
        }
    }

    private static void CheckTrainer(ProtobufReader reader, string path)
    {
        while (reader.Next())
        {
            var refused = (reader.Field, reader.Number) switch
            {
                (3, not 1) => "is not a Unigram model (BPE, word and character models are not read)",
                (24, not 0) => "marks blanks behind words, which is not read",
                (35, not 0) => "falls back to bytes, which is not read",
                _ => null,
            };
            if (refused is not null) throw new InvalidDataException($"{path}: {refused}; use T5's spiece.model");
        }
    }

    private static byte[] Map(ProtobufReader reader)
    {
        byte[] map = [];
        while (reader.Next())
            if (reader.Field == 2) map = reader.Bytes.ToArray();
        return map;
    }
}
