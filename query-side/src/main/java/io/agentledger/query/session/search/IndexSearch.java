package io.agentledger.query.session.search;

import io.agentledger.projection.session.search.SearchReader;
import io.agentledger.projection.session.search.SearchReader.Lookup;
import io.agentledger.projection.session.search.SearchTokens;
import io.agentledger.store.crypto.DerivedKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.crypto.SecretKey;

/** Finds in the index which documents of given sessions contain all words. */
record IndexSearch(SearchReader reader, DerivedKeys searchKeys) {
  /** Keys that one step reads and unwraps. */
  private static final int MISSING_KEYS_MAX = 200;

  /**
   * Part of the sessions below which a word is looked up alone: a second statement for the other
   * words costs about as much as the lookup of a word in some ten sessions.
   */
  private static final double RARE = .5;

  /** Returns how many of the first sessions can be searched in one step; at least one. */
  int countSearchable(List<String> sessions) {
    return searchKeys.countFirst(sessions, MISSING_KEYS_MAX);
  }

  /** Returns the search for these words, at least one. Not thread-safe. */
  TermSearch of(List<String> words) {
    return new TermSearch(List.copyOf(words));
  }

  /**
   * Search for the same words in one set of sessions after another. It learns in how many sessions
   * each word occurs. A word that is rare is looked up first, and the others only where it occurs:
   * most of the time of a search are lookups of words in sessions that do not contain them all.
   */
  final class TermSearch {
    private final List<String> words;
    private final long[] lookedUp;
    private final long[] found;
    private final SearchTokens tokens = new SearchTokens();

    private TermSearch(List<String> words) {
      this.words = words;
      this.lookedUp = new long[words.size()];
      this.found = new long[words.size()];
    }

    /**
     * Returns the sequences of documents with all words by session, the highest first; none of
     * sessions whose key was destroyed, perhaps by another node.
     */
    Map<String, List<Long>> find(List<String> sessions) {
      var keys = searchKeys.findAll(sessions);
      var all = IntStream.range(0, words.size()).boxed().toList();
      int rarest = all.stream().min(Comparator.comparingDouble(this::frequency)).orElseThrow();
      var postings = new HashMap<String, long[][]>();
      if (words.size() == 1 || frequency(rarest) > RARE) {
        lookUp(all, keys.keySet(), keys, postings);
      } else {
        lookUp(List.of(rarest), keys.keySet(), keys, postings);
        var others = all.stream().filter(word -> word != rarest).toList();
        lookUp(others, List.copyOf(postings.keySet()), keys, postings);
      }
      var common = intersect(postings);
      if (!common.isEmpty()) common.keySet().retainAll(reader.findWithKey(common.keySet()));
      return common;
    }

    /** Returns the part of the sessions that contain the word; 1 if that is not known yet. */
    private double frequency(int word) {
      return lookedUp[word] == 0 ? 1 : (double) found[word] / lookedUp[word];
    }

    private void lookUp(
        List<Integer> wanted,
        Collection<String> sessions,
        Map<String, SecretKey> keys,
        Map<String, long[][]> postings) {
      if (sessions.isEmpty()) return;
      var lookups = new ArrayList<Lookup>(sessions.size() * wanted.size());
      for (String session : sessions) {
        var key = Objects.requireNonNull(keys.get(session));
        for (int word : wanted)
          lookups.add(new Lookup(session, word, tokens.of(key, words.get(word))));
      }
      for (int word : wanted) lookedUp[word] += sessions.size();
      for (var posting : reader.find(lookups)) {
        if (posting.sequences().length == 0) continue;
        int word = posting.word();
        var byWord = postings.computeIfAbsent(posting.session(), key -> new long[words.size()][0]);
        if (byWord[word].length == 0) found[word]++;
        byWord[word] = concat(byWord[word], posting.sequences());
      }
    }
  }

  private static long[] concat(long[] first, long[] second) {
    if (first.length == 0) return second;
    var both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static Map<String, List<Long>> intersect(Map<String, long[][]> postings) {
    var common = HashMap.<String, List<Long>>newHashMap(postings.size());
    postings.forEach(
        (session, byWord) -> {
          var sequences = intersect(byWord);
          if (!sequences.isEmpty()) common.put(session, sequences);
        });
    return common;
  }

  /** Returns the sequences that all words have, the highest first. */
  private static List<Long> intersect(long[][] byWord) {
    Arrays.sort(byWord, Comparator.comparingInt(sequences -> sequences.length));
    var fewest = byWord[0];
    if (fewest.length == 0) return List.of();
    for (var sequences : byWord) Arrays.sort(sequences); // Retried events are out of order.
    var common = new ArrayList<Long>();
    for (int i = fewest.length - 1; i >= 0; i--) {
      long sequence = fewest[i];
      if (Arrays.stream(byWord).allMatch(all -> Arrays.binarySearch(all, sequence) >= 0))
        common.add(sequence);
    }
    return common;
  }
}
