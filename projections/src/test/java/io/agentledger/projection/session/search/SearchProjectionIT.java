package io.agentledger.projection.session.search;

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

  private List<Long> sequences(SessionId session, String word) {
    return reader.find(List.of(new Lookup(session.value(), 0, token(session, word)))).stream()
        .map(Posting::sequences)
        .flatMapToLong(Arrays::stream)
        .boxed()
        .toList();
  }

  private Map<String, List<String>> index(SessionId session) {
    return Map.of(
        "tokens",
        sql.queryForList(
            "select t::text from search_token_row t where session_id = ? order by 1",
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
    assertThat(rows).contains("(" + token(first.id, "looking") + ",");
    assertThat(index(second.id).toString()).doesNotContain("" + token(first.id, "looking"));
  }

  @Test
  void destroyedKeyMakesASessionUnsearchable() {
    var fixture = newSession().completeSession();
    awaitIndexed();
    assertThat(sequences(fixture.id, "looking")).hasSize(1);
    sql.update("delete from keyring.session_key where key_id = ?", fixture.id.value());
    assertThat(sequences(fixture.id, "looking")).isEmpty();
    assertThat(index(fixture.id).get("tokens")).isNotEmpty(); // Random bytes without the key.
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
    assertThat(
            sql.queryForObject(
                "select count(*) from search_token_row where session_id = ? and token = ?",
                Integer.class,
                fixture.id.value(),
                token(fixture.id, "again")))
        .isEqualTo(2);
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
