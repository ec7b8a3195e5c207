package io.agentledger.gateway.session.search;

import io.agentledger.api.session.query.SearchResultView;
import io.agentledger.api.session.query.SessionQuery.SearchTranscripts;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoint for the search of transcripts. */
@RestController
@RequestMapping(path = "/api/v1/search", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sessions")
class SearchController {
  private final MessageGateway messageGateway;

  SearchController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @GetMapping
  @Operation(
      operationId = "searchTranscripts",
      summary = "Search messages, tool inputs and tool outputs of the sessions that you may see")
  Mono<SearchResultView> search(SearchParams params, PageRequest page, RequestContext context) {
    return messageGateway.query(
        context,
        new SearchTranscripts(context.tenant(), params.toFilter(), page),
        SearchResultView.class);
  }
}
