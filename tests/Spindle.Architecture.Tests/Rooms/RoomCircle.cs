using System.Globalization;
using System.Text;

namespace Spindle.Architecture.Tests.Rooms;

/// <summary>Namespaces beside each other that use each other in a circle. What lies below a namespace belongs to it.</summary>
/// <param name="Parent">The namespace in which the rooms lie.</param>
/// <param name="Rooms">The rooms, each by the last part of its name, in order.</param>
/// <param name="Uses">Every use of a type of one of the rooms by a type of another.</param>
internal sealed record RoomCircle(string Parent, IReadOnlyList<string> Rooms, IReadOnlyList<TypeUse> Uses)
{
    /// <summary>All circles between namespaces that lie beside each other, at every depth. Types directly in the parent are in no room.</summary>
    public static IReadOnlyList<RoomCircle> Among(IReadOnlyList<TypeUse> uses) =>
        [.. uses.SelectMany(use => Parents(use.From.Namespace)).Distinct().Order(StringComparer.Ordinal).SelectMany(parent => Below(parent, uses))];

    /// <summary>The circle's name: <c>Parent.{First, Second}</c>.</summary>
    public string Name => $"{Parent}.{{{string.Join(", ", Rooms)}}}";

    /// <summary>The circle, arrow by arrow, with the types that make each.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Name);
        foreach (var arrow in Uses.GroupBy(use => (From: RoomOf(use.From), To: RoomOf(use.To))).OrderBy(arrow => arrow.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {arrow.Key.From} -> {arrow.Key.To}");
            foreach (var from in arrow.GroupBy(use => use.From.Name).OrderBy(from => from.Key, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture, $"\n    {from.Key} uses {string.Join(", ", from.Select(use => use.To.Name).Distinct().Order(StringComparer.Ordinal))}");
        }
        return text.ToString();
    }

    private string? RoomOf(TypeName type) => RoomOf(Parent, type.Namespace);

    private static string? RoomOf(string parent, string name) =>
        name.StartsWith(parent + ".", StringComparison.Ordinal) ? name[(parent.Length + 1)..].Split('.')[0] : null;

    private static IEnumerable<string> Parents(string name)
    {
        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.')) yield return name = name[..dot];
    }

    private static IEnumerable<RoomCircle> Below(string parent, IReadOnlyList<TypeUse> uses)
    {
        var arrows = uses.Select(use => (From: RoomOf(parent, use.From.Namespace), To: RoomOf(parent, use.To.Namespace), Use: use))
            .Where(arrow => arrow.From is not null && arrow.To is not null && arrow.From != arrow.To).ToList();
        var next = arrows.ToLookup(arrow => arrow.From!, arrow => arrow.To!, StringComparer.Ordinal);
        var reached = next.ToDictionary(rooms => rooms.Key, rooms => Reached(rooms.Key, next), StringComparer.Ordinal);
        var circles = reached.Keys.Where(room => reached[room].Contains(room))
            .Select(room => reached[room].Where(other => reached.GetValueOrDefault(other)?.Contains(room) == true).Order(StringComparer.Ordinal).ToList())
            .DistinctBy(rooms => rooms[0]);
        foreach (var rooms in circles)
            yield return new(parent, rooms, [.. arrows.Where(arrow => rooms.Contains(arrow.From!) && rooms.Contains(arrow.To!)).Select(arrow => arrow.Use)]);
    }

    private static HashSet<string> Reached(string start, ILookup<string, string> next)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([start]);
        while (open.TryPop(out var room))
            foreach (var other in next[room])
                if (reached.Add(other))
                    open.Push(other);
        return reached;
    }
}
