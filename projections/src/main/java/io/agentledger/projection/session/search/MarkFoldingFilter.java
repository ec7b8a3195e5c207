package io.agentledger.projection.session.search;

import java.io.IOException;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Removes accents, points and other marks of any script from words, however they are encoded. Marks
 * of Japanese, which distinguish syllables, stay.
 */
final class MarkFoldingFilter extends TokenFilter {
  private static final Pattern MARKS = Pattern.compile("[\\p{Mn}&&[^\\u3099\\u309a]]+");

  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

  MarkFoldingFilter(TokenStream words) {
    super(words);
  }

  @Override
  public boolean incrementToken() throws IOException {
    if (!input.incrementToken()) return false;
    if (!isAscii(term)) {
      var folded = fold(term);
      term.setEmpty().append(folded);
    }
    return true;
  }

  /** Returns the text without marks. */
  static String fold(CharSequence text) {
    if (isAscii(text)) return text.toString();
    var unmarked = MARKS.matcher(Normalizer.normalize(text, Form.NFKD)).replaceAll("");
    // The small sigma has another form at the end of a word.
    return Normalizer.normalize(unmarked, Form.NFC).replace('ς', 'σ');
  }

  private static boolean isAscii(CharSequence text) {
    for (int i = 0; i < text.length(); i++) if (text.charAt(i) >= 0x80) return false;
    return true;
  }
}
