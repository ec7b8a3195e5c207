package io.agentledger.projection.session.search;

import io.agentledger.projection.session.search.SearchAnalyzer.Term;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.SecretKey;

/**
 * Bloom filter of the pairs of adjacent words of one document, of one byte for each distinct pair:
 * 3 % of the pairs that a document does not contain pass. The bits of a pair are a token of the
 * pair and the document's sequence, so that filters of two documents cannot be compared.
 */
public final class PairFilter {
  /** Distinct pairs of one document; a document with more has no filter. */
  static final int PAIRS_MAX = 10_000;

  private static final int PROBES = 3;
  private static final byte[] NONE = {};

  private PairFilter() {}

  /** Returns the distinct pairs of terms at adjacent positions, up to one too many. */
  public static Set<String> pairsOf(List<Term> terms) {
    var pairs = new LinkedHashSet<String>();
    var before = List.<String>of();
    var here = new ArrayList<String>();
    int position = -1;
    for (var term : terms) {
      if (pairs.size() > PAIRS_MAX) break;
      if (term.position() != position) {
        before = term.position() == position + 1 ? List.copyOf(here) : List.of();
        here.clear();
        position = term.position();
      }
      for (String first : before) pairs.add(first + ' ' + term.text());
      here.add(term.text());
    }
    return pairs;
  }

  /** Returns the filter of a document with these pairs; empty for none, or too many. */
  static byte[] of(SearchTokens tokens, SecretKey key, long sequence, Collection<String> pairs) {
    if (pairs.isEmpty() || pairs.size() > PAIRS_MAX) return NONE;
    var filter = new byte[pairs.size()];
    for (String pair : pairs) {
      long token = token(tokens, key, sequence, pair);
      for (int probe = 0; probe < PROBES; probe++) {
        int bit = bit(token, probe, filter.length);
        filter[bit >> 3] |= (byte) (1 << (bit & 7));
      }
    }
    return filter;
  }

  /** Returns false if the document does not contain all of the pairs. */
  public static boolean mayContain(
      byte[] filter, SearchTokens tokens, SecretKey key, long sequence, Collection<String> pairs) {
    if (filter.length == 0) return true;
    for (String pair : pairs) {
      long token = token(tokens, key, sequence, pair);
      for (int probe = 0; probe < PROBES; probe++) {
        int bit = bit(token, probe, filter.length);
        if ((filter[bit >> 3] & 1 << (bit & 7)) == 0) return false;
      }
    }
    return true;
  }

  /** No word contains a space, so this is not the token of a word. */
  private static long token(SearchTokens tokens, SecretKey key, long sequence, String pair) {
    return tokens.of(key, pair + ' ' + sequence);
  }

  /** Each probe is another 21 bits of the token: more than the longest filter has. */
  private static int bit(long token, int probe, int bytes) {
    return (int) ((token >>> (21 * probe) & 0x1f_ffff) % (8L * bytes));
  }
}
