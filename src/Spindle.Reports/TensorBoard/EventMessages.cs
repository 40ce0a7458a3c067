using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Spindle.Reports.TensorBoard;

/// <summary>The messages of TensorBoard's event files, by the field numbers of its schema (<c>event.proto</c>, <c>summary.proto</c>, <c>tensor.proto</c>, and <c>plugin_data.proto</c> of the plugin hparams).</summary>
internal static class EventMessages
{
    private const int Float = 1;
    private const int String = 7;
    private const int ClassOfTensors = 2;

    /// <summary>The first event of a file.</summary>
    public static byte[] Version(DateTimeOffset time) => Message(output =>
    {
        WallTime(output, time);
        Text(output, 3, "brain.Event:2");
    });

    /// <summary>A number at a step.</summary>
    public static byte[] Scalar(DateTimeOffset time, long step, string tag, double value) => Event(time, step, output =>
    {
        Text(output, 1, tag);
        output.WriteTag(2, WireFormat.WireType.Fixed32);
        output.WriteFloat((float)value);
    });

    /// <summary>A text in Markdown.</summary>
    public static byte[] Markdown(DateTimeOffset time, string tag, string text) => Event(time, 0, output =>
    {
        Text(output, 1, tag);
        Inner(output, 8, tensor =>
        {
            Number(tensor, 1, String);
            Inner(tensor, 2, shape => Inner(shape, 2, dimension => Number(dimension, 1, 1)));
            Text(tensor, 8, text);
        });
        Metadata(output, "text", []);
    });

    /// <summary>The hyperparameters of a run that begins.</summary>
    public static byte[] RunStarts(DateTimeOffset time, IEnumerable<KeyValuePair<string, string>> values) => OfHyperparameters(time, "_hparams_/session_start_info", 3, output =>
    {
        foreach (var (name, value) in values)
            Inner(output, 1, entry =>
            {
                Text(entry, 1, name);
                Inner(entry, 2, number => (double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed) ? Value.ForNumber(parsed) : Value.ForString(value)).WriteTo(number));
            });
        Double(output, 5, Seconds(time));
    });

    /// <summary>The end of a run.</summary>
    public static byte[] RunEnds(DateTimeOffset time, bool isSuccess) => OfHyperparameters(time, "_hparams_/session_end_info", 4, output =>
    {
        Number(output, 1, isSuccess ? 1 : 2);
        Double(output, 2, Seconds(time));
    });

    private static byte[] OfHyperparameters(DateTimeOffset time, string tag, int field, Action<CodedOutputStream> write) => Event(time, 0, output =>
    {
        Text(output, 1, tag);
        // the plugin reads its metadata, and expects some tensor
        Inner(output, 8, tensor =>
        {
            Number(tensor, 1, Float);
            Inner(tensor, 2, shape => Inner(shape, 2, dimension => Number(dimension, 1, 1)));
            tensor.WriteTag(5, WireFormat.WireType.LengthDelimited);
            tensor.WriteLength(sizeof(float));
            tensor.WriteFloat(0);
        });
        Metadata(output, "hparams", Message(data => Inner(data, field, write)));
    });

    private static byte[] Event(DateTimeOffset time, long step, Action<CodedOutputStream> value) => Message(output =>
    {
        WallTime(output, time);
        if (step != 0) Number(output, 2, step);
        Inner(output, 5, summary => Inner(summary, 1, value));
    });

    private static void Metadata(CodedOutputStream output, string plugin, byte[] content) => Inner(output, 9, metadata =>
    {
        Inner(metadata, 1, data =>
        {
            Text(data, 1, plugin);
            if (content.Length == 0) return;
            data.WriteTag(2, WireFormat.WireType.LengthDelimited);
            data.WriteBytes(ByteString.CopyFrom(content));
        });
        Number(metadata, 4, ClassOfTensors);
    });

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static void WallTime(CodedOutputStream output, DateTimeOffset time) => Double(output, 1, Seconds(time));

    private static void Double(CodedOutputStream output, int field, double value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteDouble(value);
    }

    private static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Text(CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    private static void Inner(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Message(write)));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes, leaveOpen: true);
        write(output);
        output.Flush();
        return bytes.ToArray();
    }
}
