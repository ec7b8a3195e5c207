package io.agentledger.projection.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.ops.OpsCommand.RebuildProjection;
import io.agentledger.api.ops.RebuildStatus;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.projection.ops.ProjectionRebuildTable.RebuildKey;
import io.agentledger.store.postgres.SchemaOwner;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Rebuilds of events that the database rejects, and of tables that have been changed since. */
class RebuildFailureIT extends ProjectionTestSupport {
  /** More than the failures in sequence that end a rebuild. */
  private static final int POISON_EVENTS = 12;

  /** Type of a block, and one that text in PostgreSQL cannot contain. */
  private static final String BLOCK = "harmless";

  private static final String POISON = "harm\\u0000less";

  @Autowired private CommandGateway commands;
  @Autowired private ProjectionRebuilds rebuilds;
  @Autowired private SchemaOwner schemaOwner;

  @Test
  void manyRejectedEventsOfOneBatchBecomeDeadLetters() throws SQLException {
    var events = new ArrayList<EventMessage<?>>();
    for (int i = 0; i < POISON_EVENTS; i++) {
      SessionEventFixture session = newSession(events).opened("t");
      session.blockReceived(session.issueQuery("q"), BLOCK);
    }
    append(events);
    awaitHead();
    try {
      assertThat(replaceInEvents(BLOCK, POISON)).isEqualTo(POISON_EVENTS);
      commands.sendAndWait(
          GenericCommandMessage.asCommandMessage(new RebuildProjection("session", null)));
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> rebuilds.find("session", 0).orElseThrow().status() != RebuildStatus.RUNNING);
      assertThat(rebuilds.find("session", 0).orElseThrow().failure())
          .startsWith(POISON_EVENTS + " sequences of events failed");
    } finally {
      replaceInEvents(POISON, BLOCK);
    }
  }

  /** Returns the number of changed events. */
  private int replaceInEvents(String from, String to) throws SQLException {
    try (var owner = asOwner();
        var update =
            owner.prepareStatement(
                """
                update event
                set payload = convert_to(replace(convert_from(payload, 'UTF8'), ?, ?), 'UTF8')
                where payloadtype = 'MessageReceived'
                  and position(? in convert_from(payload, 'UTF8')) > 0
                """)) {
      update.setString(1, from);
      update.setString(2, to);
      update.setString(3, from);
      return update.executeUpdate();
    }
  }

  @Test
  void tablesWhoseColumnsAreFilledOtherwiseHaveAnotherShape() throws SQLException {
    assertThat(
            List.of(
                shapeAfter("add added text"),
                shapeAfter("add added text default 'a'"),
                shapeAfter("add added text default 'b'"),
                shapeAfter("add added text not null default 'a'"),
                shapeAfter("add added text generated always as ('a') stored")))
        .doesNotHaveDuplicates();
  }

  private String shapeAfter(String change) throws SQLException {
    try (var owner = asOwner();
        var statement = owner.createStatement()) {
      owner.setAutoCommit(false);
      statement.execute("alter table share_row " + change);
      String shape = new ShadowTables(schemaOwner, new RebuildKey("session", 1)).shape(owner);
      owner.rollback();
      return shape;
    }
  }
}
