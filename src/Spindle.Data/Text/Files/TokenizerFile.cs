using Spindle.Data.Text.Tokens;

namespace Spindle.Data.Text.Files;

/// <summary>Reads <c>tokenizer.json</c> of the families: WordPiece, byte-level BPE and Unigram. What they do not use is refused by its name.</summary>
internal sealed partial class TokenizerFile
{
    public const string Name = "tokenizer.json";

    // a sentence, a pair and the few tokens around them
    private const int MostPlaces = 64;
    private const int MostAddedTokens = 50_000;

    private readonly JsonPart root;
    private readonly string path;
    private readonly FolderSettings settings;

    private TokenizerFile(string folder)
    {
        path = Path.Combine(folder, Name);
        root = JsonPart.Read(path);
        settings = FolderSettings.Read(folder);
    }

    /// <exception cref="FileNotFoundException">There is no <c>tokenizer.json</c>.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or asks for what is not read.</exception>
    public static ITextTokenizer Load(string folder)
    {
        var file = new TokenizerFile(folder);
        var model = file.root["model"];
        // old files name no type
        return (model.Text("type") ?? (model["vocab"].IsArray ? "Unigram" : model["merges"].Exists ? "BPE" : "WordPiece")) switch
        {
            "WordPiece" => file.WordPiece(model),
            "BPE" => file.ByteLevel(model),
            "Unigram" => file.Unigram(model),
            var type => throw Refused(model, type, "WordPiece, byte-level BPE and Unigram are"),
        };
    }

    private static InvalidDataException Refused(JsonPart part, string what, string read) =>
        part.Error($"'{Short(what)}' is not read ({read}); use the checkpoint's own vocabulary files");

    private static string Short(string text) =>
        string.Concat((text.Length <= 40 ? text : text[..40]).Select(character => char.IsControl(character) ? '?' : character));

    private static string TypeOf(JsonPart part) => part.Exists ? part.Text("type") ?? throw part["type"].Error("is not a text; download the file again") : "null";

    private static void RequireType(JsonPart part, string type)
    {
        if (TypeOf(part) != type) throw Refused(part, TypeOf(part), $"{type} is");
    }

    // what a family leaves empty, false or null
    private static void RequireUnset(JsonPart model, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            var part = model[key];
            if (!part.Exists || model.Flag(key) == false || model.Text(key) == "" || (part.IsNumber && part.Real() == 0)) continue;
            throw part.Error("is set, which is not read; use the checkpoint's own vocabulary files");
        }
    }

    private SubwordParts Parts(Vocabulary vocabulary, TokenFamily family)
    {
        if (root["added_tokens"].Length > MostAddedTokens) throw root["added_tokens"].Error($"has more than {MostAddedTokens} tokens; download the file again");
        var listed = root["added_tokens"].Exists ? root["added_tokens"].Items() : [];
        var added = listed.Select(item => FolderSettings.AddedTokenOf(item, item["id"].Number(Vocabulary.Largest)))
            .DistinctBy(token => token.Id).ToList();
        var byContent = added.GroupBy(token => token.Content).ToDictionary(group => group.Key, group => group.Last().Id);
        var names = new SpecialNames(family, settings, path, content => byContent.TryGetValue(content, out var id) ? id : vocabulary.IdOf(content));
        return new(vocabulary, added, Template(root["post_processor"], vocabulary, added) ?? family.Template(names), names.Ids());
    }

    private static SequenceTemplate? Template(JsonPart part, Vocabulary vocabulary, IReadOnlyList<AddedToken> added)
    {
        switch (TypeOf(part))
        {
            case "BertProcessing": return SequenceTemplate.Bert(Id("cls"), Id("sep"));
            case "RobertaProcessing": return SequenceTemplate.Roberta(Id("cls"), Id("sep"));
            case "TemplateProcessing": return new(Places("single", pair: false), Places("pair", pair: true));
            case "null": return null;
            case var type: throw Refused(part, type, "BertProcessing, RobertaProcessing and TemplateProcessing are");
        }

        int Id(string key)
        {
            var items = part[key].Items().Take(3).ToList();
            return items.Count == 2 ? VocabularyId(items[1]) : throw part[key].Error("is not a token with its id; download the file again");
        }

        int VocabularyId(JsonPart id)
        {
            var number = id.Number(Vocabulary.Largest);
            return vocabulary.TokenOf(number) is not null || added.Any(token => token.Id == number)
                ? number
                : throw id.Error("is not an id of the vocabulary; download the file again");
        }

        List<SequencePart> Places(string key, bool pair)
        {
            var places = new List<SequencePart>();
            foreach (var item in part[key].Items())
            {
                var (sequence, special) = (item["Sequence"], item["SpecialToken"]);
                var place = sequence.Exists ? sequence : special;
                var type = place["type_id"].Number(1);
                if (sequence.Exists) places.Add(sequence["id"].Text() == "A" ? SequencePart.First(type) : SequencePart.Second(type));
                else foreach (var id in part["special_tokens"][special["id"].Text()]["ids"].Items().Take(MostPlaces + 1)) places.Add(SequencePart.Of(VocabularyId(id), type));
                if (places.Count > MostPlaces) throw part[key].Error($"has more than {MostPlaces} places, which is not read; use the checkpoint's own vocabulary files");
            }
            if (places.Count(place => place.Slot == SequenceSlot.First) != 1 || places.Count(place => place.Slot == SequenceSlot.Second) != (pair ? 1 : 0))
                throw part[key].Error("does not hold each sentence once; use the checkpoint's own vocabulary files");
            return places;
        }
    }
}
