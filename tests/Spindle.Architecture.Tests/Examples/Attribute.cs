namespace Spindle.Architecture.Tests.Examples.Attribute
{
    namespace First
    {
        [Second.Beginning]
        public sealed class End;
    }

    namespace Second
    {
        [AttributeUsage(AttributeTargets.Class)]
        public sealed class BeginningAttribute : System.Attribute
        {
            public First.End? Next { get; init; }
        }
    }
}
