package io.agentledger.projection.session.search;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.projection.session.search.SearchReader.Lookup;
import io.agentledger.projection.session.search.SearchReader.Posting;
import io.agentledger.store.crypto.DerivedKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class SearchProjectionIT extends ProjectionTestSupport {
  @Autowired SearchReader reader;
  @Autowired DerivedKeys searchKeys;
  @Autowired CommandGateway commands;

  private void awaitIndexed() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              var state = projections.state(SearchProjection.GROUP);
              return !state.replaying() && state.position() == head();
            });
  }

  private long token(SessionId session, String word) {
    var id = session.value();
    return new SearchTokens().of(searchKeys.findAll(List.of(id)).get(id), word);
  }

  private String stored(SessionId session, String word) {
    return HexFormat.of().toHexDigits(SearchTokens.stored(token(session, word)));
  }

  private List<Long> sequences(SessionId session, String word) {
    return reader.find(List.of(new Lookup(session.value(), 0, token(session, word)))).stream()
        .map(Posting::sequences)
        .flatMapToLong(Arrays::stream)
        .boxed()
        .toList();
  }

  private Map<String, List<String>> index(SessionId session) {
    return Map.of(
        "postings",
        sql.queryForList(
            "select p::text from search_posting_row p where session_id = ? order by 1",
            String.class,
            session.value()),
        "documents",
        sql.queryForList(
            "select d::text from search_document_row d where session_id = ? order by 1",
            String.class,
            session.value()));
  }

  @Test
  void promptsMessagesInputsAndOutputsAreIndexedUnderTheirSequences() {
    var fixture = newSession().completeSession();
    awaitIndexed();
    assertThat(sequences(fixture.id, "here")).containsExactly(2L);
    assertThat(sequences(fixture.id, "looking")).containsExactly(6L);
    assertThat(sequences(fixture.id, "ls")).containsExactly(7L);
    assertThat(sequences(fixture.id, "readme")).containsExactly(8L);
    assertThat(sequences(fixture.id, "a")).containsExactly(10L);
    assertThat(sequences(fixture.id, "title")).isEmpty();
  }

  @Test
  void indexContainsNoWordsAndOtherTokensInEachSession() {
    var first = newSession().completeSession();
    var second = newSession().completeSession();
    awaitIndexed();
    var rows = index(first.id).toString().toLowerCase(Locale.ROOT);
    for (String word : List.of("looking", "readme", "here"))
      assertThat(rows)
          .doesNotContain(word)
          .doesNotContain(HexFormat.of().formatHex(word.getBytes(StandardCharsets.UTF_8)));
    assertThat(token(first.id, "looking")).isNotEqualTo(token(second.id, "looking"));
    assertThat(rows).contains(stored(first.id, "looking"));
    assertThat(index(second.id).toString()).doesNotContain(stored(first.id, "looking"));
  }

  @Test
  void destroyedKeyIsNotFound() {
    var fixture = newSession().completeSession();
    awaitIndexed();
    var id = fixture.id.value();
    assertThat(reader.findWithKey(List.of(id, "ses_none"))).containsExactly(id);
    sql.update("delete from keyring.session_key where key_id = ?", id);
    assertThat(reader.findWithKey(List.of(id))).isEmpty();
    assertThat(index(fixture.id).get("postings")).isNotEmpty(); // Random bytes without the key.
  }

  @Test
  void longSessionHasARowForEachBlock() {
    var fixture = newSession();
    fixture.opened("Long");
    var run = fixture.issueQuery("begin");
    for (int i = 0; i < SearchIndexWriter.BLOCK; i++) fixture.messageReceived(run, "again");
    awaitIndexed();
    var sequences = sequences(fixture.id, "again");
    assertThat(sequences).hasSize(SearchIndexWriter.BLOCK).doesNotHaveDuplicates();
    assertThat(sequences).contains(3L, fixture.sequence());
    assertThat(countRows(fixture, "again")).isEqualTo(2);
  }

  private int countRows(SessionEventFixture fixture, String word) {
    var count =
        sql.queryForObject(
            "select count(*) from search_posting_row where session_id = ? and bucket = ?",
            Integer.class,
            fixture.id.value(),
            SearchTokens.bucket(token(fixture.id, word)));
    return Objects.requireNonNull(count);
  }

  @Test
  void documentWithManyWordsHasRowsOfItsOwn() {
    var fixture = newSession().opened("Large");
    var run = fixture.issueQuery("begin");
    fixture.messageReceived(run, "common");
    long small = fixture.sequence();
    var words = IntStream.range(0, 1000).mapToObj(i -> "word" + i).collect(joining(" "));
    fixture.messageReceived(run, "common " + words);
    long large = fixture.sequence();
    awaitIndexed();
    assertThat(sequences(fixture.id, "common")).containsExactlyInAnyOrder(small, large);
    for (int i = 0; i < 1000; i++)
      assertThat(sequences(fixture.id, "word" + i)).containsExactly(large);
    assertThat(countRows(fixture, "common")).isEqualTo(2);
  }

  @Test
  void replayGivesEqualRows() {
    var fixture = newSession().completeSession();
    fixture.messageReceived(run(fixture), "Looking again.");
    awaitIndexed();
    var rows = index(fixture.id);
    assertThat(rows.get("documents")).hasSize(7);
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new ReplayProjection(SearchProjection.GROUP, null)));
    awaitIndexed();
    assertThat(index(fixture.id)).isEqualTo(rows);
  }

  private static RunId run(SessionEventFixture fixture) {
    return fixture.issueQuery("Once more");
  }
}
