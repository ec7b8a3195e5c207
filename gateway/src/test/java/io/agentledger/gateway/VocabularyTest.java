package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Keeps private words out of the names of types and settings, and descriptions of types plain. Each
 * of the words has a standard term; {@code CONTRIBUTING.md} contains the sources.
 */
class VocabularyTest {
  /** Singular, lower case. */
  private static final Set<String> REPLACED =
      Set.of(
          ("aside asker attendant box brought clean course desk door face fare forebear foreigner"
                  + " given glimpse ground hearing heir helm house judge keeping knock lane lobby"
                  + " look outfit patience presence purse saying scribe seeing shift standing statute"
                  + " story stranger surrounding tap toll visit wanted watch way wish wished witness"
                  + " word workshop")
              .split(" "));

  /** Pairs of words that are private as a pair, for recorded and for valid. */
  private static final Pattern PAIRS = Pattern.compile(".*(on-record|in-force)(-.*|$)");

  private static final String DECLARATION =
      "\\s*(?:(?:public|protected|private|static|final|abstract|sealed|non-sealed)\\s+)*"
          + "(?:class|record|interface|@interface|enum)\\s+([A-Z]\\w*)";

  private static final Pattern TYPE = Pattern.compile("^" + DECLARATION, Pattern.MULTILINE);

  /** A description that begins with a question word instead of a noun. */
  private static final Pattern RIDDLE =
      Pattern.compile(
          "/\\*\\*[\\s*]*(?:Who|Whose|Whoever|What|Whatever|Which|Where|When|How|Whether)\\b(?:[^*]|\\*(?!/))*+\\*/"
              + "(?:\\s*@\\w[^\\n]*)*"
              + DECLARATION);

  @Test
  void typeNamesUseStandardTerms() throws IOException {
    var names = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(ApiTestServer.root())) {
      for (var file : files.filter(VocabularyTest::isSource).toList())
        TYPE.matcher(Files.readString(file)).results().forEach(type -> names.add(type.group(1)));
    }
    assertThat(names).hasSizeGreaterThan(2_000);
    assertThat(names).filteredOn(name -> !replacedWords(name).isEmpty()).isEmpty();
  }

  @Test
  void typeDescriptionsSayWhatTheTypeIs() throws IOException {
    var riddles = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(ApiTestServer.root())) {
      for (var file : files.filter(VocabularyTest::isProductSource).toList())
        RIDDLE.matcher(Files.readString(file)).results().forEach(it -> riddles.add(it.group(1)));
    }
    assertThat(riddles).isEmpty();
    assertThat(RIDDLE.matcher("/** Who acts. */\n@Example\nrecord Actor() {}").find()).isTrue();
  }

  private static boolean isProductSource(Path file) {
    return isSource(file) && file.toString().contains("/src/main/");
  }

  private static boolean isSource(Path file) {
    var path = file.toString();
    return path.endsWith(".java") && path.contains("/src/") && !path.contains("/target/");
  }

  @Test
  void settingKeysUseStandardTerms() {
    var keys = SettingKeys.of(ProductClasses.inPackage("io.agentledger")).keySet();
    assertThat(keys).hasSizeGreaterThan(100).anyMatch(key -> key.startsWith("agentledger.claude."));
    assertThat(keys).filteredOn(key -> !replacedWords(key).isEmpty()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "SessionDoor, [door]",
    "agentledger.claude.patience, [patience]",
    "sandbox.look-interval, [look]",
    "MessagesOnRecord, [on-record]",
    "PoliciesInForce, [in-force]",
    "Houses, [houses]",
    "Inbox, []",
    "Sandbox, []",
    "SessionHistory, []",
    "PasswordHash, []"
  })
  void aWordCountsOnlyAsAWhole(String name, String found) {
    assertThat(replacedWords(name)).hasToString(found);
  }

  private static List<String> replacedWords(String name) {
    var words = Arrays.asList(SettingKeys.kebab(name).split("[-._]"));
    var found = new TreeSet<>(words.stream().filter(VocabularyTest::isReplaced).toList());
    var pair = PAIRS.matcher(SettingKeys.kebab(name));
    if (pair.matches()) found.add(pair.group(1));
    return List.copyOf(found);
  }

  private static boolean isReplaced(String word) {
    return REPLACED.contains(word)
        || word.endsWith("s") && REPLACED.contains(word.substring(0, word.length() - 1))
        || word.endsWith("es") && REPLACED.contains(word.substring(0, word.length() - 2));
  }
}
