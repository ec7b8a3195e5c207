package io.agentledger.projection.session.search;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.pattern.PatternReplaceCharFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;

/**
 * Splits texts and searches into words by the rules of Unicode (UAX #29), in lower case, without
 * accents, invisible characters and sequences that color a terminal: nothing that a reader does not
 * see hides a word. Dots, colons and underscores separate words too, so that parts of names in code
 * are found. Chinese, Japanese and Korean text becomes single characters and pairs of them.
 * Thread-safe. A change of the rules needs a replay of the index.
 */
public final class SearchAnalyzer {
  private static final String SEPARATORS = "._:,";
  private static final char ESCAPE = 0x1b;

  /** Control sequences of terminals (ECMA-48, CSI), and characters that only format. */
  private static final Pattern INVISIBLE = Pattern.compile("\\u001b\\[[0-?]*[ -/]*[@-~]|\\p{Cf}+");

  private static final Analyzer ANALYZER = new TranscriptAnalyzer(false);

  /** Analyzer of texts with invisible characters; few have any, and to search them takes long. */
  private static final Analyzer REMOVING_ANALYZER = new TranscriptAnalyzer(true);

  private SearchAnalyzer() {}

  /**
   * A word of a text, or a character or pair of characters of one.
   *
   * @param start offset of its first character
   * @param end offset after its last character
   * @param position number of the word, from 0; a pair of characters has that of its first
   */
  public record Term(String text, int start, int end, int position) {}

  /** Returns the terms in their order. */
  public static List<Term> terms(String text) {
    var terms = new ArrayList<Term>();
    var analyzer = mayHaveInvisible(text) ? REMOVING_ANALYZER : ANALYZER;
    try (var tokens = analyzer.tokenStream("text", separate(text))) {
      var term = tokens.addAttribute(CharTermAttribute.class);
      var offset = tokens.addAttribute(OffsetAttribute.class);
      var increment = tokens.addAttribute(PositionIncrementAttribute.class);
      tokens.reset();
      int position = -1;
      while (tokens.incrementToken()) {
        position += increment.getPositionIncrement();
        terms.add(new Term(term.toString(), offset.startOffset(), offset.endOffset(), position));
      }
      tokens.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // A text in memory is readable.
    }
    return terms;
  }

  /**
   * Returns a text for a search of a part of it: in lower case, without accents and invisible
   * characters, in one width and Unicode form, as terms are.
   */
  public static String fold(String text) {
    var unmarked = MarkFoldingFilter.fold(INVISIBLE.matcher(text).replaceAll(""));
    // The small sigma has another form at the end of a word.
    var lower = unmarked.toLowerCase(Locale.ROOT).replace('ς', 'σ').toCharArray();
    var folded = new char[4 * lower.length]; // A ligature has up to four letters.
    int length = ASCIIFoldingFilter.foldToASCII(lower, 0, folded, 0, lower.length);
    return new String(folded, 0, length);
  }

  private static boolean mayHaveInvisible(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ESCAPE || c >= 0x80 && isFormatOrSurrogate(c)) return true;
    }
    return false;
  }

  private static boolean isFormatOrSurrogate(char c) {
    return Character.getType(c) == Character.FORMAT || Character.isSurrogate(c);
  }

  /** Replaces separators that are parts of words by the rules of Unicode; offsets stay. */
  private static String separate(String text) {
    var separated = text.toCharArray();
    for (int i = 0; i < separated.length; i++)
      if (SEPARATORS.indexOf(separated[i]) >= 0) separated[i] = ' ';
    return new String(separated);
  }

  private static final class TranscriptAnalyzer extends Analyzer {
    private static final int ALL_SCRIPTS =
        CJKBigramFilter.HAN
            | CJKBigramFilter.HIRAGANA
            | CJKBigramFilter.KATAKANA
            | CJKBigramFilter.HANGUL;

    private final boolean removesInvisible;

    TranscriptAnalyzer(boolean removesInvisible) {
      this.removesInvisible = removesInvisible;
    }

    @Override
    protected TokenStreamComponents createComponents(String field) {
      var tokenizer = new StandardTokenizer();
      // ASCIIFoldingFilter has letters that are no letter with a mark, such as o with a stroke.
      var folded = new ASCIIFoldingFilter(new LowerCaseFilter(new MarkFoldingFilter(tokenizer)));
      return new TokenStreamComponents(tokenizer, new CJKBigramFilter(folded, ALL_SCRIPTS, true));
    }

    /** The tokenizer must not see what is invisible: it would be a part of the word beside it. */
    @Override
    protected Reader initReader(String field, Reader text) {
      return removesInvisible ? new PatternReplaceCharFilter(INVISIBLE, "", text) : text;
    }
  }
}
