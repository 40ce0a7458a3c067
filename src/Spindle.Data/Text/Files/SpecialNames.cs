using Spindle.Data.Readers;
using Spindle.Data.Text.Tokens;

namespace Spindle.Data.Text.Files;

/// <summary>The special tokens of a folder: those that its files name, the family's own otherwise.</summary>
internal sealed class SpecialNames
{
    private readonly TokenFamily family;
    private readonly FolderSettings settings;
    private readonly string path;
    private readonly Func<string, int?> idOf;
    private readonly Dictionary<string, AddedToken> added;

    /// <param name="family">The family.</param>
    /// <param name="settings">What the files beside the vocabulary say.</param>
    /// <param name="path">The vocabulary, for messages.</param>
    /// <param name="idOf">The vocabulary.</param>
    /// <exception cref="InvalidDataException">A token is missing that the family cannot do without.</exception>
    public SpecialNames(TokenFamily family, FolderSettings settings, string path, Func<string, int?> idOf)
    {
        (this.family, this.settings, this.path, this.idOf) = (family, settings, path, idOf);
        added = settings.Added.GroupBy(token => token.Content).ToDictionary(group => group.Key, group => group.Last());
        foreach (var role in family.Required) Id(role);
    }

    /// <summary>The token of a role that the family has.</summary>
    public string Content(string role) => settings.Named.TryGetValue(role, out var named) ? named.Token.Content : family.Defaults[role];

    /// <summary>The id of a role that the family cannot do without.</summary>
    public int Id(string role) => TryId(role) ?? throw new InvalidDataException($"{path}: has no token {MessageText.Shorten(Content(role))}; is this a vocabulary of {family.Name}?");

    /// <summary>The id of a role, or null.</summary>
    public int? TryId(string role) => settings.Named.ContainsKey(role) || family.Defaults.ContainsKey(role) ? IdOf(Content(role)) : null;

    /// <summary>The ids that models give a meaning to.</summary>
    public SpecialIds Ids()
    {
        var (padding, end) = (Id("pad_token"), TryId("eos_token"));
        var start = settings.DecoderStart ?? (family.DecoderStart is { } role ? TryId(role) : null);
        return new(padding, TryId("unk_token"), TryId("bos_token"), end, TryId("mask_token"), start);
    }

    /// <summary>Every token that is found in text as a whole.</summary>
    /// <param name="own">Those that the vocabulary itself brings; what the files beside it say counts more.</param>
    public IReadOnlyList<AddedToken> AddedTokens(params IEnumerable<AddedToken> own)
    {
        var tokens = own.ToDictionary(token => token.Id);
        foreach (var token in settings.Added) tokens[token.Id] = token;
        foreach (var content in settings.MoreSpecial)
            if (IdOf(content) is { } id) tokens[id] = (tokens.GetValueOrDefault(id) ?? new(content, id, Special: true)) with { Special = true };
        foreach (var role in TokenFamily.Roles)
        {
            if (TryId(role) is not { } id) continue;
            var content = Content(role);
            if (settings.Named.TryGetValue(role, out var named) && named.HasFlags) tokens[id] = named.Token with { Id = id };
            else if (tokens.TryGetValue(id, out var known)) tokens[id] = known with { Special = true };
            else tokens[id] = new(content, id, Special: true)
            {
                StripsLeft = role == "mask_token" && (family.MaskBlank == MaskBlank.Always || (family.MaskBlank == MaskBlank.InCheckpoints && settings.IsCheckpoint)),
            };
        }
        return [.. tokens.Values];
    }

    private int? IdOf(string content) => added.TryGetValue(content, out var token) ? token.Id : idOf(content);
}
