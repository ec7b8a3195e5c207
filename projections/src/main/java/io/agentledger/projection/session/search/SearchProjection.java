package io.agentledger.projection.session.search;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.shared.Ids;
import io.agentledger.projection.session.search.SearchIndexWriter.Document;
import io.agentledger.projection.session.search.SearchReader.Kind;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import io.agentledger.store.crypto.ContentUnavailableException;
import io.agentledger.store.crypto.Sealer;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Indexes the texts of transcripts for the search, each under the sequence of its event. Erased
 * content and content above {@link #BYTES_MAX} is not searchable; an event whose content cannot be
 * decrypted otherwise becomes a dead letter.
 */
@ProcessingGroup(SearchProjection.GROUP)
class SearchProjection extends Projection {
  static final String GROUP = "search";

  /** Largest content that is decrypted; the searchable part of it is smaller. */
  static final int BYTES_MAX = 4 * 1024 * 1024;

  private final SearchIndexWriter index;
  private final Sealer sealer;

  SearchProjection(
      SearchIndexWriter index, Sealer sealer, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.index = index;
    this.sealer = sealer;
  }

  /** Sealed content and the place that it was sealed for. */
  private record Place(Class<?> event, String field, Content content) {}

  @EventHandler
  void on(
      MessageReceived event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status,
      UnitOfWork<?> unit) {
    if (!SearchableText.isText(event.blockType())) return;
    var kind = event.role() == Role.USER ? Kind.USER : Kind.ASSISTANT;
    var document =
        new Document(tenant, event.sessionId(), number + 1, kind, event.messageId().value(), at);
    index(document, new Place(MessageReceived.class, "block", event.block()), status, unit);
  }

  @EventHandler
  void on(
      QueryQueued event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status,
      UnitOfWork<?> unit) {
    var document = prompt(tenant, event.sessionId(), number + 1, event.queryId().value(), at);
    index(document, new Place(QueryQueued.class, "prompt", event.prompt()), status, unit);
  }

  @EventHandler
  void on(
      QueryIssued event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status,
      UnitOfWork<?> unit) {
    var document = prompt(tenant, event.sessionId(), number + 1, event.queryId().value(), at);
    index(document, new Place(QueryIssued.class, "prompt", event.prompt()), status, unit);
  }

  @EventHandler
  void on(
      ToolCalled event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status,
      UnitOfWork<?> unit) {
    var document =
        new Document(
            tenant, event.sessionId(), number + 1, Kind.TOOL_INPUT, event.toolCallId().value(), at);
    index(document, new Place(ToolCalled.class, "input", event.input()), status, unit);
  }

  @EventHandler
  void on(
      ToolReturned event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status,
      UnitOfWork<?> unit) {
    var document =
        new Document(
            tenant,
            event.sessionId(),
            number + 1,
            Kind.TOOL_OUTPUT,
            event.toolCallId().value(),
            at);
    index(document, new Place(ToolReturned.class, "output", event.output()), status, unit);
  }

  private static Document prompt(
      String tenant, SessionId session, long sequence, String query, Instant at) {
    var message = Ids.derived(MessageId.PREFIX, query);
    return new Document(tenant, session, sequence, Kind.PROMPT, message, at);
  }

  private void index(Document document, Place place, ReplayStatus status, UnitOfWork<?> unit) {
    if (place.content() instanceof Content.Absent) return;
    if (place.content() instanceof Content.Stored stored && stored.sizeBytes() > BYTES_MAX) return;
    try {
      var content = sealer.open(document.session(), place.event(), place.field(), place.content());
      index.add(document, SearchableText.of(document.kind(), content), status, unit.root());
    } catch (ContentUnavailableException e) {
      // Other reasons may pass: the key management service or the content store is unavailable.
      if (e.reason() != ContentUnavailableException.Reason.ERASED) throw e;
    }
  }

  @ResetHandler
  void reset() {
    index.deleteAll();
  }
}
