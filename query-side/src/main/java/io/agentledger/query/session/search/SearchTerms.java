package io.agentledger.query.session.search;

import io.agentledger.projection.session.search.SearchAnalyzer;
import io.agentledger.projection.session.search.SearchAnalyzer.Term;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Words and phrases of a search; a text matches if it contains all of them. Text in quotation marks
 * is a phrase, and so is a word that consists of several, such as a file name. Thread-safe.
 */
final class SearchTerms {
  private static final char ESCAPE = '\u001b';

  /** Words that occur in a text of ASCII characters as they are, apart from their case. */
  private static final Pattern PLAIN_WORD = Pattern.compile("[a-z0-9][a-z0-9']*");

  private final List<List<Term>> phrases;
  private final Set<String> words;
  private final List<Pattern> plainPhrases;

  private SearchTerms(List<List<Term>> phrases) {
    this.phrases = phrases;
    this.words = new LinkedHashSet<>();
    for (var phrase : phrases) for (var word : phrase) words.add(word.text());
    this.plainPhrases = phrases.stream().flatMap(phrase -> toPattern(phrase).stream()).toList();
  }

  /** Parses a search; a quotation mark that is not closed extends to the end. */
  static SearchTerms parse(String search) {
    var phrases = new ArrayList<List<Term>>();
    var parts = search.replace('\u201c', '"').replace('\u201d', '"').split("\"", -1);
    for (int i = 0; i < parts.length; i++)
      if (i % 2 == 1) addPhrase(parts[i], phrases);
      else for (String word : parts[i].split("\\s+")) addPhrase(word, phrases);
    return new SearchTerms(phrases);
  }

  private static void addPhrase(String text, List<List<Term>> phrases) {
    var words = SearchAnalyzer.terms(text);
    if (!words.isEmpty()) phrases.add(words);
  }

  /**
   * Returns a pattern that occurs in every text of ASCII characters that contains the phrase: in
   * such a text, everything between two words is neither letter nor digit.
   */
  private static Optional<Pattern> toPattern(List<Term> phrase) {
    if (!phrase.stream().allMatch(word -> PLAIN_WORD.matcher(word.text()).matches()))
      return Optional.empty();
    var pattern = phrase.stream().map(Term::text).collect(Collectors.joining("[^a-z0-9]*"));
    return Optional.of(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE));
  }

  /** Returns whether there is nothing to search for. */
  boolean isEmpty() {
    return phrases.isEmpty();
  }

  /** Returns the distinct words, which a matching document contains all. */
  List<String> words() {
    return List.copyOf(words);
  }

  /** A match in a text. */
  record Match(int start, int end) {}

  /** Returns the matches in order; none if the text does not contain all terms. */
  List<Match> find(String text) {
    if (!canContainAll(text)) return List.of();
    var byText = new HashMap<String, List<Term>>();
    var byPosition = new HashMap<PositionedTerm, Term>();
    for (var word : SearchAnalyzer.terms(text)) {
      if (!words.contains(word.text())) continue;
      byText.computeIfAbsent(word.text(), key -> new ArrayList<>()).add(word);
      byPosition.put(new PositionedTerm(word.position(), word.text()), word);
    }
    var matches = new ArrayList<Match>();
    for (var phrase : phrases) {
      int before = matches.size();
      var first = phrase.getFirst();
      for (var start : byText.getOrDefault(first.text(), List.of())) {
        var match = match(phrase, start, byPosition);
        if (match != null) matches.add(match);
      }
      if (matches.size() == before) return List.of();
    }
    matches.sort(Comparator.comparingInt(Match::start).thenComparingInt(Match::end));
    return matches;
  }

  /** Rules out most texts without analyzing them, which takes several times as long. */
  private boolean canContainAll(String text) {
    return plainPhrases.isEmpty()
        || !isPlain(text)
        || plainPhrases.stream().allMatch(phrase -> phrase.matcher(text).find());
  }

  /** Sequences that color a terminal are ASCII, but no part of the words beside them. */
  private static boolean isPlain(String text) {
    return text.indexOf(ESCAPE) < 0 && StandardCharsets.US_ASCII.newEncoder().canEncode(text);
  }

  private record PositionedTerm(int position, String text) {}

  private static @Nullable Match match(
      List<Term> phrase, Term start, Map<PositionedTerm, Term> words) {
    int shift = start.position() - phrase.getFirst().position();
    int end = start.end();
    for (var word : phrase) {
      var found = words.get(new PositionedTerm(word.position() + shift, word.text()));
      if (found == null) return null;
      end = Math.max(end, found.end());
    }
    return new Match(start.start(), end);
  }
}
