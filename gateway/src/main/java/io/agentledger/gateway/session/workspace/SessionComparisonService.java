package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionComparison;
import io.agentledger.api.session.query.SessionQuery.CompareSession;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Comparison of a session at two positions with its files, shared by REST and RSocket. */
@Component
class SessionComparisonService {
  private final MessageGateway messageGateway;
  private final FileHistory history;
  private final WireJson json;

  SessionComparisonService(MessageGateway messageGateway, FileHistory history, WireJson json) {
    this.messageGateway = messageGateway;
    this.history = history;
    this.json = json;
  }

  /**
   * Positions to compare.
   *
   * @param from sequence number of the last event of the earlier one
   * @param to sequence number of the last event of the later one; null is the present
   */
  record ComparisonParams(@Nullable Long from, @Nullable Long to) {}

  Mono<SessionComparisonResponse> compare(
      RequestContext context, SessionId id, ComparisonParams params) {
    var from = params.from();
    var to = params.to();
    if (from == null) throw InvalidRequestException.parameter("from", "is required");
    if (from < 1) throw InvalidRequestException.parameter("from", "must be a whole number from 1");
    if (to != null && to < from)
      throw InvalidRequestException.parameter("to", "must not be less than from");
    return messageGateway
        .query(context, new CompareSession(context.tenant(), id, from, to), SessionComparison.class)
        .flatMap(
            comparison ->
                messageGateway
                    .onEventLoop(
                        Mono.fromCompletionStage(
                            () -> history.diff(id, from, comparison.after().sequence())))
                    .map(files -> SessionComparisonResponse.of(comparison, files, json)));
  }
}
