package io.agentledger.gateway.session.search;

import io.agentledger.api.session.query.SearchResultView;
import io.agentledger.api.session.query.SessionQuery.SearchTranscripts;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.platform.PlatformTool;
import io.agentledger.gateway.support.platform.PlatformTool.Effect;
import io.agentledger.gateway.support.platform.PlatformToolProvider;
import io.agentledger.gateway.support.platform.ToolArgument;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Tool of the platform's MCP server that searches transcripts. */
@Component
class SearchPlatformTools implements PlatformToolProvider {
  private final MessageGateway messageGateway;

  SearchPlatformTools(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  record SearchArguments(
      @ToolArgument("Words that a result contains all; text in quotation marks is a phrase")
          @Nullable String q,
      @ToolArgument("Only this session, and what it inherited from the one it branched off")
          @Nullable String sessionId,
      @ToolArgument("Only sessions of this agent") @Nullable String agentId,
      @ToolArgument("Only sessions of this user") @Nullable String userId,
      @ToolArgument("Earliest time of the result, inclusive, ISO 8601") @Nullable String from,
      @ToolArgument("Latest time of the result, exclusive, ISO 8601") @Nullable String to,
      @ToolArgument("Only user, assistant, tool_input or tool_output") @Nullable String kind,
      @ToolArgument("Name of a tool: only inputs and outputs of its calls") @Nullable String tool,
      @ToolArgument("Outcome of a tool call: returned, failed, denied, expired or unknown")
          @Nullable String outcome,
      @ToolArgument("Number of results, 1 to 100; 20 if omitted") @Nullable Integer limit,
      @ToolArgument("next_cursor of the previous page") @Nullable String cursor) {}

  @Override
  public List<PlatformTool<?>> tools() {
    return List.of(
        new PlatformTool<>(
            "search_transcripts",
            "Search transcripts",
            "Finds messages, tool inputs and tool outputs by their words in all sessions that you"
                + " may see, newest sessions first. A page may be empty and have a next_cursor.",
            Effect.READ,
            SearchTranscripts.class,
            SearchArguments.class,
            this::search));
  }

  private Mono<SearchResultView> search(RequestContext context, SearchArguments arguments) {
    var filter =
        new SearchParams(
                arguments.q(),
                arguments.sessionId(),
                arguments.agentId(),
                arguments.userId(),
                arguments.from(),
                arguments.to(),
                arguments.kind(),
                arguments.tool(),
                arguments.outcome())
            .toFilter();
    var page = PlatformTool.toPage(arguments.limit(), arguments.cursor());
    return messageGateway.query(
        context, new SearchTranscripts(context.tenant(), filter, page), SearchResultView.class);
  }
}
