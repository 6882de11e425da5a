using System.Text;

namespace LlmObs.Bench.Data;

/// <summary>Makes text as questions and answers have it: sentences, quotes, line breaks, and not only Latin letters.</summary>
internal sealed class TextMaker
{
    private static readonly string[] Latin =
    [
        "how", "can", "I", "change", "the", "address", "of", "my", "invoice", "after", "it", "was", "sent", "you", "find", "this",
        "in", "your", "account", "under", "settings", "then", "choose", "a", "payment", "method", "and", "confirm", "with", "code",
        "from", "our", "e-mail", "refunds", "take", "up", "to", "five", "working", "days", "please", "note", "that", "orders",
        "above", "100", "are", "free", "shipping", "model", "answers", "when", "there", "is", "no", "reply", "within", "a", "week",
    ];

    private static readonly string[][] Others =
    [
        ["für", "die", "Rückgabe", "größerer", "Möbel", "fällt", "eine", "Gebühr", "von", "20", "€", "an", "außer", "in", "Zürich"],
        ["как", "изменить", "адрес", "доставки", "после", "оплаты", "заказа", "в", "личном", "кабинете"],
        ["注文後に", "配送先の", "住所を", "変更する", "方法を", "教えて", "ください", "設定画面", "から"],
        ["كيف", "يمكنني", "تغيير", "عنوان", "الشحن", "بعد", "الدفع", "من", "الإعدادات"],
        ["मैं", "अपना", "पता", "कैसे", "बदल", "सकता", "हूँ", "भुगतान", "के", "बाद"],
        ["πώς", "μπορώ", "να", "αλλάξω", "τη", "διεύθυνση", "αποστολής", "🙂", "🚀"],
    ];

    private readonly StringBuilder _text = new();

    /// <summary>Text of about so many characters.</summary>
    public string Make(ref Dice dice, int length, bool lines)
    {
        _text.Clear();
        string[] words = dice.Chance(18) ? Others[dice.Below(Others.Length)] : Latin;
        bool quotes = dice.Chance(15);
        string? lineBreak = !lines || !dice.Chance(30) ? null : dice.Chance(10) ? ".\r\n- " : ".\n- ";
        int goal = (length / 2) + dice.Below(length);
        if (words != Latin)
        {
            goal /= 2; // most of its letters are two or three bytes each
        }

        int inSentence = 0;
        while (_text.Length < goal)
        {
            string word = words[dice.Below(words.Length)];
            if (inSentence > 0)
            {
                _text.Append(' ');
            }

            if (quotes && dice.Chance(8))
            {
                _text.Append('"').Append(word).Append('"');
            }
            else
            {
                _text.Append(word);
            }

            inSentence++;
            if (inSentence > 4 && dice.Chance(20))
            {
                _text.Append(lineBreak is not null && dice.Chance(50) ? lineBreak : dice.Chance(50) ? ", " : ". ");
                inSentence = 0;
            }
        }

        while (_text.Length > 0 && _text[^1] is ' ' or ',' or '.' or '-' or '\r' or '\n')
        {
            _text.Length--;
        }

        return _text.Append(lines ? '.' : '?').ToString();
    }
}
