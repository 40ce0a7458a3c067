namespace Spindle.Architecture.Tests.Examples.Field
{
    namespace First
    {
        public sealed class End
        {
            public static readonly Second.Beginning? Value;
        }
    }

    namespace Second
    {
        public sealed class Beginning
        {
            public First.End? Next { get; init; }
        }
    }
}
