using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace LlmObs.Testing
{
    /// <summary>A host whose user gives the test's answers, and that keeps all questions and output.</summary>
    public sealed class AnsweringHost : PSHost
    {
        private readonly Screen screen;

        public AnsweringHost(params string[] answers) => screen = new Screen(answers);

        public IReadOnlyList<string> Asked => screen.Asked;

        public IReadOnlyList<string> Shown => screen.Shown;

        /// <summary>The user's input for secrets, one call for each.</summary>
        public void Type(string secret) => screen.Type(secret);

        public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

        public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

        public override Guid InstanceId { get; } = Guid.NewGuid();

        public override string Name => "AnsweringHost";

        public override PSHostUserInterface UI => screen;

        public override Version Version => new Version(1, 0);

        public override void EnterNestedPrompt() => throw new NotSupportedException();

        public override void ExitNestedPrompt() => throw new NotSupportedException();

        public override void NotifyBeginApplication()
        {
        }

        public override void NotifyEndApplication()
        {
        }

        public override void SetShouldExit(int exitCode)
        {
        }

        private sealed class Screen : PSHostUserInterface
        {
            private readonly Queue<string> answers;
            private readonly Queue<string> secrets = new Queue<string>();
            private readonly List<string> asked = new List<string>();
            private readonly List<string> shown = new List<string>();

            public Screen(string[] answers) => this.answers = new Queue<string>(answers);

            public IReadOnlyList<string> Asked => asked;

            public IReadOnlyList<string> Shown => shown;

            public override PSHostRawUserInterface RawUI => null;

            public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
            {
                asked.Add(caption + Environment.NewLine + message);
                string answer = answers.Count > 0 ? answers.Dequeue() : throw new InvalidOperationException("Nobody expected the question: " + message);
                int choice = choices.ToList().FindIndex(one => one.Label.Replace("&", string.Empty) == answer);
                return choice >= 0 ? choice : throw new InvalidOperationException("There is no choice '" + answer + "'.");
            }

            public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
                descriptions.Count == 1 && descriptions[0].ParameterTypeName == nameof(SecureString)
                    ? new Dictionary<string, PSObject> { [descriptions[0].Name] = PSObject.AsPSObject(ReadLineAsSecureString()) }
                    : throw new InvalidOperationException("Asked for " + string.Join(", ", descriptions.Select(one => one.Name)));

            public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw new NotSupportedException();

            public override PSCredential PromptForCredential(
                string caption, string message, string userName, string targetName, PSCredentialTypes types, PSCredentialUIOptions options) => throw new NotSupportedException();

            public override string ReadLine() => throw new InvalidOperationException("A line was asked for.");

            public void Type(string secret) => secrets.Enqueue(secret);

            public override SecureString ReadLineAsSecureString()
            {
                if (secrets.Count == 0)
                {
                    throw new InvalidOperationException("A secret was asked for.");
                }

                var typed = new SecureString();
                foreach (char c in secrets.Dequeue())
                {
                    typed.AppendChar(c);
                }

                return typed;
            }

            public override void Write(string value) => shown.Add(value);

            public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => shown.Add(value);

            public override void WriteLine(string value) => shown.Add(value);

            public override void WriteDebugLine(string message) => shown.Add(message);

            public override void WriteErrorLine(string value) => shown.Add(value);

            public override void WriteProgress(long sourceId, ProgressRecord record)
            {
            }

            public override void WriteVerboseLine(string message) => shown.Add(message);

            public override void WriteWarningLine(string message) => shown.Add(message);
        }
    }
}
