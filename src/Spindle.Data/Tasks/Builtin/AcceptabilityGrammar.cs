using static Spindle.Data.Tasks.Builtin.Lexicon;

namespace Spindle.Data.Tasks.Builtin;

/// <summary>Grammatical or not: agreement across a noun in between, reflexives, verb forms after auxiliaries, word order, missing words. Most
/// frames write good and bad sentences with the same words as often, so that counting words reveals little.</summary>
internal sealed class AcceptabilityGrammar : IGrammar
{
    private static readonly string[] Prepositions = ["near", "behind", "beside", "next to"];
    private static readonly string[] Modals = ["can", "will", "must", "should", "may"];

    public TaskDefinition Task { get; } =
        new("builtin/acceptability", TaskKind.Classification, ["unacceptable", "acceptable"], Pairs: false, ["matthews"], null);

    public Example Draw(Random random, Lexicon lexicon, int label)
    {
        var good = label == 1;
        var (noun, second) = (Pick(random, lexicon.Nouns), Pick(random, lexicon.Nouns));
        var (verb, adjective) = (Pick(random, lexicon.Verbs), Pick(random, lexicon.Adjectives));
        var preposition = Pick(random, Prepositions);
        var text = random.Next(8) switch
        {
            0 => Agreement(random, good, noun, second, adjective, preposition),
            1 => Reflexive(random, good, noun, second, preposition),
            2 => $"The {noun} {Auxiliary(random, good, verb)} the {adjective} {second}.",
            3 => $"The {noun} {Modal(random, good, verb)} the {second} {preposition} the {Pick(random, lexicon.Nouns)}.",
            4 => good ? $"The {adjective} {noun} is {preposition} the {second}." : $"{Swap(random, adjective, noun)} is {preposition} the {second}.",
            5 => good ? $"The {noun} {verb.Past} the {adjective} {second}." : Scramble(random, noun, verb.Past, adjective, second),
            6 => good ? $"The {noun} was {verb.Progressive} the {second}." : $"The {noun} was {verb.Progressive} {second} the.",
            _ => Demonstrative(random, good, noun, adjective, verb),
        };
        return new(char.ToUpperInvariant(text[0]) + text[1..], null, label);
    }

    private static string Agreement(Random random, bool good, string noun, string second, string adjective, string preposition)
    {
        var plural = random.Next(2) == 0;
        var between = random.Next(2) == 0 ? second : Plural(second);
        return $"The {(plural ? Plural(noun) : noun)} {preposition} the {between} {(plural == good ? "are" : "is")} {adjective}.";
    }

    private static string Reflexive(Random random, bool good, string noun, string second, string preposition)
    {
        var plural = random.Next(2) == 0;
        return $"The {(plural ? Plural(noun) : noun)} {preposition} the {second} moved by {(plural == good ? "themselves" : "itself")}.";
    }

    private static string Auxiliary(Random random, bool good, VerbForms verb) => random.Next(3) switch
    {
        0 => good ? $"has {verb.Participle}" : $"has {verb.Past}",
        1 => good ? $"is {verb.Progressive}" : $"has {verb.Progressive}",
        _ => good ? verb.Past : verb.Participle,
    };

    private static string Modal(Random random, bool good, VerbForms verb) =>
        $"{Pick(random, Modals)} {(good ? verb.Base : random.Next(2) == 0 ? verb.Third : verb.Participle)}";

    private static string Swap(Random random, string adjective, string noun) => random.Next(2) == 0 ? $"{adjective} the {noun}" : $"the {noun} {adjective}";

    private static string Scramble(Random random, string noun, string verb, string adjective, string second) => random.Next(3) switch
    {
        0 => $"{verb} the {noun} the {adjective} {second}.",
        1 => $"The {noun} the {adjective} {second} {verb}.",
        _ => $"The {noun} {verb} {adjective} the {second}.",
    };

    private static string Demonstrative(Random random, bool good, string noun, string adjective, VerbForms verb)
    {
        var plural = random.Next(2) == 0;
        return $"{(plural == good ? "these" : "this")} {adjective} {(plural ? Plural(noun) : noun)} {(plural ? "were" : "was")} {verb.Participle} yesterday.";
    }

    private static string Plural(string noun) => noun.EndsWith('x') ? noun + "es" : noun + "s";
}
