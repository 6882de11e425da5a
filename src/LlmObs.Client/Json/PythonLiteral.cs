using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlmObs.Client.Json;

/// <summary>
/// Reads lists and dictionaries as Python prints them (<c>['a', "it's", None, {'k': True}]</c>), which is what a data frame writes
/// of a list into a CSV file.
/// </summary>
internal ref struct PythonLiteral
{
    private const int MostDepth = 32;

    private readonly ReadOnlySpan<char> _text;
    private readonly Utf8JsonWriter _writer;
    private int _at;

    private PythonLiteral(ReadOnlySpan<char> text, Utf8JsonWriter writer)
    {
        _text = text;
        _writer = writer;
    }

    /// <summary>The JSON of a list, a tuple or a dictionary; null if the text is none of them.</summary>
    public static byte[]? ToJson(ReadOnlySpan<byte> utf8)
    {
        if (utf8.TrimStart(" \t\r\n"u8) is not [(byte)'[' or (byte)'(' or (byte)'{', ..])
        {
            return null;
        }

        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, JsonDefaults.WriterOptions))
        {
            var literal = new PythonLiteral(Encoding.UTF8.GetString(utf8).AsSpan().Trim(), writer);
            if (!literal.Value(0) || literal._at != literal._text.Length)
            {
                return null;
            }
        }

        return output.ToArray();
    }

    private bool Value(int depth)
    {
        Blanks();
        if (depth > MostDepth || _at == _text.Length)
        {
            return false;
        }

        switch (_text[_at])
        {
            case '[':
                return List(']', depth);
            case '(':
                return List(')', depth);
            case '{':
                return Dictionary(depth);
            case '\'' or '"':
                if (!Text(out string text))
                {
                    return false;
                }

                _writer.WriteStringValue(text);
                return true;
            default:
                return Word();
        }
    }

    private bool List(char end, int depth)
    {
        _at++;
        _writer.WriteStartArray();
        while (!Take(end))
        {
            if (!Value(depth + 1) || !(Take(',') || Next() == end))
            {
                return false;
            }
        }

        _writer.WriteEndArray();
        return true;
    }

    private bool Dictionary(int depth)
    {
        _at++;
        _writer.WriteStartObject();
        while (!Take('}'))
        {
            if (Next() is not ('\'' or '"') || !Text(out string key) || !Take(':'))
            {
                return false;
            }

            _writer.WritePropertyName(key);
            if (!Value(depth + 1) || !(Take(',') || Next() == '}'))
            {
                return false;
            }
        }

        _writer.WriteEndObject();
        return true;
    }

    private bool Word()
    {
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '.' or '+' or '-' or '_'))
        {
            _at++;
        }

        ReadOnlySpan<char> word = _text[start.._at];
        switch (word)
        {
            case "None":
                _writer.WriteNullValue();
                return true;
            case "True" or "False":
                _writer.WriteBooleanValue(word is "True");
                return true;
            default:
                // A number that JSON has no word for, such as nan, is no number here either.
                if (!double.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
                {
                    return false;
                }

                if (JsonText.IsJson(word))
                {
                    _writer.WriteRawValue(word); // to its last digit
                }
                else
                {
                    _writer.WriteNumberValue(number); // 1. and .5
                }

                return true;
        }
    }

    private bool Text(out string text)
    {
        char quote = _text[_at++];
        var read = new StringBuilder();
        text = string.Empty;
        while (_at < _text.Length && _text[_at] != quote)
        {
            if (_text[_at] != '\\')
            {
                read.Append(_text[_at++]);
            }
            else if (!Escape(read))
            {
                return false;
            }
        }

        text = read.ToString();
        return _at++ < _text.Length;
    }

    private bool Escape(StringBuilder read)
    {
        if (_at + 1 >= _text.Length)
        {
            return false;
        }

        char code = _text[_at + 1];
        _at += 2;
        int digits = code switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            if (_at + digits > _text.Length || !int.TryParse(_text.Slice(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int point) || !Rune.IsValid(point))
            {
                return false;
            }

            read.Append(new Rune(point).ToString());
            _at += digits;
            return true;
        }

        switch (code)
        {
            case 'n':
                read.Append('\n');
                return true;
            case 't':
                read.Append('\t');
                return true;
            case 'r':
                read.Append('\r');
                return true;
            case '\\' or '\'' or '"':
                read.Append(code);
                return true;
            default:
                read.Append('\\').Append(code); // as Python keeps what it does not know
                return true;
        }
    }

    private char Next()
    {
        Blanks();
        return _at < _text.Length ? _text[_at] : '\0';
    }

    private bool Take(char wanted)
    {
        if (Next() != wanted)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Blanks()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }
}
