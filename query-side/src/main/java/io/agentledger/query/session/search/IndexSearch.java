package io.agentledger.query.session.search;

import io.agentledger.projection.session.search.SearchReader;
import io.agentledger.projection.session.search.SearchReader.Lookup;
import io.agentledger.projection.session.search.SearchTokens;
import io.agentledger.store.crypto.DerivedKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds in the index which documents of given sessions contain all words, in one statement. */
record IndexSearch(SearchReader reader, DerivedKeys searchKeys) {
  /** Keys that one step reads and unwraps. */
  private static final int MISSING_KEYS_MAX = 200;

  /** Returns how many of the first sessions can be searched in one step; at least one. */
  int countSearchable(List<String> sessions) {
    return searchKeys.countFirst(sessions, MISSING_KEYS_MAX);
  }

  /** Returns the sequences of such documents by session, the highest first. */
  Map<String, List<Long>> find(List<String> sessions, List<String> words) {
    var lookups = new ArrayList<Lookup>(sessions.size() * words.size());
    searchKeys
        .findAll(sessions)
        .forEach(
            (session, key) -> {
              var tokens = new SearchTokens(key);
              for (int i = 0; i < words.size(); i++)
                lookups.add(new Lookup(session, i, tokens.of(words.get(i))));
            });
    if (lookups.isEmpty()) return Map.of();
    var postings = new HashMap<String, long[][]>();
    for (var posting : reader.find(lookups)) {
      var byWord = postings.computeIfAbsent(posting.session(), key -> new long[words.size()][0]);
      byWord[posting.word()] = concat(byWord[posting.word()], posting.sequences());
    }
    var found = HashMap.<String, List<Long>>newHashMap(postings.size());
    postings.forEach((session, byWord) -> found.put(session, intersect(byWord)));
    return found;
  }

  private static long[] concat(long[] first, long[] second) {
    if (first.length == 0) return second;
    var both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
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
