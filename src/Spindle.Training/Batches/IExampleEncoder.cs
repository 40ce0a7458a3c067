using Spindle.Data.Tasks;

namespace Spindle.Training.Batches;

/// <summary>Turns a task's rows into token ids.</summary>
public interface IExampleEncoder
{
    /// <summary>Encodes a row as token ids.</summary>
    /// <exception cref="InvalidDataException">The tokenizer returns a token id that is not in the backbone's vocabulary.</exception>
    EncodedExample Encode(Example example);
}
