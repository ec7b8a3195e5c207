package io.agentledger.command.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.content.Content;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedDirectory;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryAdded;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryRemoved;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.command.support.RecordedDirectory;
import java.util.List;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.junit.jupiter.api.Test;

class ParentSessionReaderTest extends SessionFixture {
  private final EmbeddedEventStore store =
      EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine()).build();
  private final ParentSessionReader reader = ParentSessionReader.from(store, new PlainSealer());
  private long next;

  private void record(Object event) {
    store.publish(message(event));
    next++;
  }

  private GenericDomainEventMessage<?> message(Object payload) {
    return new GenericDomainEventMessage<>("Session", SESSION.value(), next, payload);
  }

  private static SessionOpened withDirectories(String... names) {
    var plain = opened();
    return new SessionOpened(
        SESSION,
        ADA,
        MAIN,
        AGENT,
        SealedAgentSetup.NONE,
        new SealedTools(List.of(new SelectedMcpServer(SERVER, "files")), Content.ABSENT),
        ENVIRONMENT,
        OPTIONS,
        plain.budget(),
        new Workspace.Empty(),
        SealedFolder.NONE,
        List.of(names).stream()
            .map(name -> new SealedDirectory(name, false, Content.ABSENT))
            .toList(),
        plain.origin(),
        List.of(),
        Content.ABSENT,
        Content.ABSENT,
        Content.ABSENT);
  }

  @Test
  void aSessionHasTheToolsAndDirectoriesOfItsOpening() {
    record(withDirectories("data", "libs"));
    var parent = reader.read(SESSION);
    assertThat(parent.opened().sessionId()).isEqualTo(SESSION);
    assertThat(parent.tools().mcpServers()).hasSize(1);
    assertThat(parent.directories())
        .extracting(RecordedDirectory::name)
        .containsExactly("data", "libs");
  }

  @Test
  void laterToolsAndDirectoriesCountAlsoBehindASnapshot() {
    record(withDirectories("data", "libs"));
    record(new DirectoryAdded(SESSION, "more", true, Content.ABSENT));
    store.storeSnapshot(message("what the session is by now"));
    record(new DirectoryRemoved(SESSION, "data"));
    record(new ToolsSet(SESSION, List.of(), sealed(ToolsSet.class, "clientTools", "[]")));
    var parent = reader.read(SESSION);
    assertThat(parent.opened().ownerId()).isEqualTo(ADA);
    assertThat(parent.tools().mcpServers()).isEmpty();
    assertThat(parent.tools().clientTools().isAbsent()).isFalse();
    assertThat(parent.directories())
        .extracting(RecordedDirectory::name)
        .containsExactly("libs", "more");
  }

  @Test
  void thereIsNothingToReadOfASessionThatIsNotThere() {
    assertThatThrownBy(() -> reader.read(SESSION)).isInstanceOf(IllegalStateException.class);
  }
}
