using System.Text;
using Spindle.Data.Text.Files;
using Spindle.Data.Text.Tokens;
using Spindle.Data.Text.Unigram;

namespace Spindle.Data.Text;

/// <summary>T5's tokenizer: SentencePiece's Unigram model (Kudo 2018; Kudo and Richardson 2018), as HF tokenizers applies it.</summary>
public sealed class UnigramTokenizer : SubwordTokenizer
{
    private const string ModelFile = "spiece.model";

    private readonly UnigramNormaliser normaliser;
    private readonly Metaspace metaspace;
    private readonly UnigramSegmenter segmenter;
    private readonly WordCache words = new();

    internal UnigramTokenizer(SubwordParts parts, UnigramNormaliser normaliser, Metaspace metaspace, double[] scores, int unknown)
        : base(parts) => (this.normaliser, this.metaspace, segmenter) = (normaliser, metaspace, new(new(parts.Vocabulary.Ids), scores, unknown));

    /// <summary>Reads <c>spiece.model</c> of a folder, with the options of its <c>tokenizer_config.json</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">The options in place of the folder's, or null.</param>
    /// <exception cref="FileNotFoundException">There is no <c>spiece.model</c>.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or is not T5's.</exception>
    public static UnigramTokenizer Load(string folder, UnigramOptions? options = null)
    {
        var path = Path.Combine(folder, ModelFile);
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file; a T5 checkpoint holds its vocabulary there", path);
        var model = SentencePieceModel.Read(path);
        var settings = FolderSettings.Read(folder);
        var defaults = new UnigramOptions();
        options ??= new()
        {
            ExtraIds = settings.ExtraIds ?? defaults.ExtraIds,
            AddPrefixSpace = settings.AddPrefixSpace ?? defaults.AddPrefixSpace,
            Legacy = settings.Legacy ?? defaults.Legacy,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(options.ExtraIds, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ExtraIds, 10_000, nameof(options));

        var extra = Enumerable.Range(0, options.ExtraIds).Reverse().Select(number => FormattableString.Invariant($"<extra_id_{number}>"));
        var vocabulary = new Vocabulary([.. model.Pieces.Select(piece => piece.Text), .. extra]);
        var scores = new double[vocabulary.Size];
        foreach (var (id, piece) in model.Pieces.Index()) scores[id] = piece.Score;

        var names = new SpecialNames(TokenFamily.T5, settings, path, vocabulary.IdOf);
        var parts = new SubwordParts(vocabulary, names.AddedTokens(Added(model, vocabulary)), TokenFamily.T5.Template(names), names.Ids());
        var map = model.CharacterMap.Length == 0 ? null
            : CharacterMap.TryRead(model.CharacterMap) ?? throw new InvalidDataException($"{path}: its character map is damaged; download the file again");
        var prefix = !options.AddPrefixSpace ? DummyPrefix.Never : options.Legacy ? DummyPrefix.Always : DummyPrefix.First;
        return new(
            parts,
            new(map, StripsLeft: false, StripsRight: true, Spaces: "\u2581"),
            new(Metaspace.StandardMark, prefix, Splits: true, SplitsAtWhitespace: false),
            scores,
            names.Id("unk_token"));
    }

    private protected override string Normalise(string text) => normaliser.Apply(text);

    private protected override void AppendPieces(string text, bool atStart, List<int> ids)
    {
        foreach (var marked in metaspace.Texts(text, atStart))
        {
            for (var start = 0; start < marked.Length;)
            {
                var end = metaspace.End(marked, start);
                var word = marked.AsSpan(start, end - start);
                start = end;
                if (words.TryAppend(word, ids)) continue;
                var before = ids.Count;
                segmenter.Append(word, ids);
                words.Keep(word, ids, before);
            }
        }
    }

    private protected override string Join(IReadOnlyList<string> tokens)
    {
        var text = new StringBuilder();
        foreach (var (index, token) in tokens.Index())
            foreach (var character in token)
            {
                if (character != metaspace.Mark) text.Append(character);
                else if (index > 0 || metaspace.Prefix == DummyPrefix.Never) text.Append(' ');
            }
        return text.ToString();
    }

    // control pieces and those that a user defined are found in text unchanged; an extra id absorbs the spaces around it
    private static IEnumerable<AddedToken> Added(SentencePieceModel model, Vocabulary vocabulary)
    {
        foreach (var (id, piece) in model.Pieces.Index())
            if (piece.Kind is PieceKind.Control or PieceKind.UserDefined) yield return new(piece.Text, id, Special: piece.Kind == PieceKind.Control);
        for (var id = model.Pieces.Count; id < vocabulary.Size; id++)
            yield return new(vocabulary.TokenOf(id)!, id, Special: true) { StripsLeft = true, StripsRight = true };
    }
}
