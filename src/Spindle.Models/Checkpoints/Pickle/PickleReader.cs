using System.Buffers.Binary;
using System.Text;

namespace Spindle.Models.Checkpoints.Pickle;

/// <summary>Reads the part of Python's pickle language (protocols 2 to 5) that dictionaries of tensors are written in. The machine knows numbers, texts, tuples,
/// lists, dictionaries and references to storages; a global must be on the list of those allowed, and calling one is the caller's to interpret: no code runs.</summary>
internal sealed class PickleReader
{
    private static readonly object Mark = new();

    // far above what PyTorch writes: it fills dictionaries a thousand items at a time
    private const int DeepestStack = 100_000;

    // what an object takes in memory at least, what a reference in the memo takes, and what a pickle may take whatever its length
    private const int ObjectBytes = 40;
    private const int MemoBytes = 64;
    private const long FreeBytes = 32 << 20;

    private readonly byte[] pickle;
    private readonly IReadOnlySet<string> globals;
    private readonly Func<object?, object?> load;
    private readonly Func<string, object?[], object?> call;
    private readonly List<object?> stack = [];
    private readonly Dictionary<uint, object?> memo = [];
    private int at;
    private long memory;

    private PickleReader(byte[] pickle, IReadOnlySet<string> globals, Func<object?, object?> load, Func<string, object?[], object?> call) =>
        (this.pickle, this.globals, this.load, this.call, memory) = (pickle, globals, load, call, 2L * pickle.Length + FreeBytes);

    /// <summary>Reads a pickle.</summary>
    /// <param name="pickle">Its bytes.</param>
    /// <param name="globals">The globals that it may name.</param>
    /// <param name="load">Gives the object of a persistent id.</param>
    /// <param name="call">Gives what a global makes of arguments.</param>
    /// <exception cref="FormatException">It is damaged, or asks for what is refused; the message says what.</exception>
    public static object? Read(byte[] pickle, IReadOnlySet<string> globals, Func<object?, object?> load, Func<string, object?[], object?> call)
    {
        try
        {
            return new PickleReader(pickle, globals, load, call).Run();
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or KeyNotFoundException)
        {
            throw new FormatException("its pickle is damaged");
        }
    }

    private object? Run()
    {
        while (true)
        {
            if (stack.Count > DeepestStack) throw new FormatException($"its pickle keeps more than {DeepestStack} objects waiting");
            var code = Take(1)[0];
            switch (code)
            {
                case (byte)'.': return stack.Count == 1 && stack[0] != Mark ? stack[0] : throw Damaged();
                case 0x80: // PROTO
                    if (Take(1)[0] > 5) throw new FormatException("its pickle's protocol is newer than 5");
                    break;
                case 0x95: Take(8); break; // FRAME

                case (byte)'N': stack.Add(null); break;
                case 0x88: stack.Add(true); break;
                case 0x89: stack.Add(false); break;
                case (byte)'K': Push((long)Take(1)[0]); break;
                case (byte)'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
                case (byte)'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
                case 0x8a: Push(LongOf(Take(Take(1)[0]))); break;
                case (byte)'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
                case (byte)'X': Push(Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))))); break;
                case 0x8c: Push(Encoding.UTF8.GetString(Take(Take(1)[0]))); break;
                case 0x8d: Push(Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadInt64LittleEndian(Take(8))))); break;
                case (byte)'U': Push(Encoding.Latin1.GetString(Take(Take(1)[0]))); break;
                case (byte)'T': Push(Encoding.Latin1.GetString(Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4))))); break;

                case (byte)'(': stack.Add(Mark); break;
                case (byte)'0': Pop(); break;
                case (byte)'1': PopToMark(); break;
                case (byte)'2': stack.Add(Top()); break;
                case (byte)')': stack.Add(Array.Empty<object?>()); break;
                case 0x85: Push(PopMany(1)); break;
                case 0x86: Push(PopMany(2)); break;
                case 0x87: Push(PopMany(3)); break;
                case (byte)'t': Push(PopToMark()); break;
                case (byte)']': Push(new List<object?>()); break;
                case (byte)'l': Push(new List<object?>(PopToMark())); break;
                case (byte)'a': Append([Pop()]); break;
                case (byte)'e': Append(PopToMark()); break;
                case (byte)'}': Push(new PickleDictionary()); break;
                case (byte)'d':
                    var pairs = PopToMark();
                    Push(new PickleDictionary());
                    SetItems(pairs);
                    break;
                case (byte)'s': SetItems(PopMany(2)); break;
                case (byte)'u': SetItems(PopToMark()); break;

                case (byte)'q': Remember(Take(1)[0]); break;
                case (byte)'r': Remember(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
                case 0x94: Remember((uint)memo.Count); break;
                case (byte)'h': stack.Add(memo[Take(1)[0]]); break;
                case (byte)'j': stack.Add(memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))]); break;

                case (byte)'c': Push(Allowed(Line(), Line())); break;
                case 0x93:
                    var names = PopMany(2);
                    if (names is not [string module, string name]) throw Damaged();
                    Push(Allowed(module, name));
                    break;
                case (byte)'Q': Push(load(Pop())); break;
                case (byte)'R':
                    var called = PopMany(2);
                    if (called is not [PickleGlobal function, object?[] arguments]) throw Damaged();
                    Push(call(function.Name, arguments));
                    break;
                case (byte)'b': // attributes of an object: of a dictionary, what PyTorch notes of modules' versions
                    Pop();
                    if (Top() is not PickleDictionary) throw new FormatException("its pickle builds an object that is not a dictionary, which is refused");
                    break;
                default:
                    throw new FormatException($"its pickle holds the instruction 0x{code:x2} at byte {at - 1}, which is refused: dictionaries of tensors do not need it");
            }
        }
    }

    private ReadOnlySpan<byte> Take(long length)
    {
        if (length < 0 || length > pickle.Length - at) throw new FormatException("its pickle ends too early");
        at += (int)length;
        return pickle.AsSpan(at - (int)length, (int)length);
    }

    private string Line()
    {
        var length = pickle.AsSpan(at).IndexOf((byte)'\n');
        if (length < 0) throw new FormatException("its pickle ends too early");
        var line = Encoding.UTF8.GetString(Take(length));
        Take(1);
        return line;
    }

    private PickleGlobal Allowed(string module, string name)
    {
        var whole = $"{module}.{name}";
        if (globals.Contains(whole)) return new(whole);
        throw new FormatException(TensorName.IsSound(whole)
            ? $"its pickle asks for '{whole}', which is refused: only tensors are read"
            : "its pickle asks for a global whose name is too long or has control characters");
    }

    private static long LongOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8) throw new FormatException("its pickle holds a number of more than 64 bits");
        var value = 0L;
        for (var index = bytes.Length - 1; index >= 0; index--) value = value << 8 | bytes[index];
        return bytes.Length is > 0 and < 8 && bytes[^1] >= 0x80 ? value - (1L << (8 * bytes.Length)) : value;
    }

    private void Push(object? value)
    {
        Charge(ObjectBytes);
        stack.Add(value);
    }

    private void Remember(uint key)
    {
        Charge(MemoBytes);
        memo[key] = Top();
    }

    private void Charge(int bytes)
    {
        memory -= bytes;
        if (memory < 0) throw new FormatException("its pickle makes far more objects than a checkpoint of its length has");
    }

    private object? Top() => stack.Count > 0 && stack[^1] != Mark ? stack[^1] : throw Damaged();

    private object? Pop()
    {
        var top = Top();
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    private object?[] PopMany(int count)
    {
        var values = new object?[count];
        while (count > 0) values[--count] = Pop();
        return values;
    }

    private object?[] PopToMark()
    {
        var mark = stack.LastIndexOf(Mark);
        if (mark < 0) throw Damaged();
        var values = stack.GetRange(mark + 1, stack.Count - mark - 1).ToArray();
        stack.RemoveRange(mark, stack.Count - mark);
        return values;
    }

    private void Append(object?[] values)
    {
        if (Top() is not List<object?> list) throw Damaged();
        list.AddRange(values);
    }

    private void SetItems(object?[] pairs)
    {
        if (pairs.Length % 2 != 0 || Top() is not PickleDictionary dictionary) throw Damaged();
        for (var index = 0; index < pairs.Length; index += 2) dictionary.Add(pairs[index], pairs[index + 1]);
    }

    private static FormatException Damaged() => new("its pickle is damaged");
}
