using static Spindle.Data.Tasks.Builtin.Lexicon;

namespace Spindle.Data.Tasks.Builtin;

/// <summary>Someone does something to a thing somewhere.</summary>
internal sealed record Scene(
    Concept PersonConcept, ActionConcept ActionConcept, string Kind, Concept ThingConcept, Concept PlaceConcept,
    string Person, string Action, string Thing, string Place)
{
    public string Opposite => ActionConcept.Opposite;

    public static Scene Draw(Random random, Lexicon lexicon)
    {
        var action = Pick(random, lexicon.Actions);
        var kind = Pick(random, action.Kinds);
        return Of(random, Pick(random, lexicon.People), action, kind, Pick(random, lexicon.Things[kind]), Pick(random, lexicon.Places));
    }

    public static Scene Of(Random random, Concept person, ActionConcept action, string kind, Concept thing, Concept place) => new(
        person, action, kind, thing, place, Pick(random, person.Words), Pick(random, action.Words), Pick(random, thing.Words), Pick(random, place.Words));

    /// <summary>The same with other words of like meaning, where there are some.</summary>
    public Scene Reworded(Random random) => this with
    {
        Person = Another(random, PersonConcept.Words, Person),
        Action = Another(random, ActionConcept.Words, Action),
        Thing = Another(random, ThingConcept.Words, Thing),
        Place = Place.Length == 0 ? "" : Another(random, PlaceConcept.Words, Place),
    };

    public string Text(bool denied = false) =>
        $"{Capital(A(Person))} is {(denied ? "not " : "")}{Action} {A(Thing)}{(Place.Length == 0 ? "" : " " + Place)}.";

    private static string Another(Random random, IReadOnlyList<string> words, string than) => words.Count > 1 ? Other(random, words, than) : than;

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
