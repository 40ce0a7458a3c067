namespace Spindle.Architecture.Tests.Examples.Iterator
{
    namespace First
    {
        public sealed class End
        {
            public static IEnumerable<object> Values()
            {
                yield return new Second.Beginning();
            }
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
