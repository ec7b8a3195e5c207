package io.agentledger.gateway.session.search;

import io.agentledger.api.session.query.SearchResultView;
import io.agentledger.api.session.query.SessionQuery.SearchTranscripts;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;

/** RSocket route for the search of transcripts. */
@Controller
class SearchRSocketController {
  private final MessageGateway messageGateway;
  private final WireJson json;

  SearchRSocketController(MessageGateway messageGateway, WireJson json) {
    this.messageGateway = messageGateway;
    this.json = json;
  }

  /** Parameters of a search; null is the default. */
  record SearchRequest(
      @Nullable String q,
      @Nullable String sessionId,
      @Nullable String agentId,
      @Nullable String userId,
      @Nullable String from,
      @Nullable String to,
      @Nullable String kind,
      @Nullable String tool,
      @Nullable String outcome,
      @Nullable Integer limit,
      @Nullable String cursor) {
    SearchParams toParams() {
      return new SearchParams(q, sessionId, agentId, userId, from, to, kind, tool, outcome);
    }
  }

  @MessageMapping("search")
  Mono<byte[]> search(RSocketBody body, RequestContext context) {
    var request = body.read(SearchRequest.class);
    var page = Pagination.toPageRequest(request.limit(), request.cursor());
    var filter = request.toParams().toFilter();
    return messageGateway
        .query(
            context, new SearchTranscripts(context.tenant(), filter, page), SearchResultView.class)
        .map(json::toBytes);
  }
}
