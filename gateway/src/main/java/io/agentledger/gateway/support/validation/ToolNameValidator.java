package io.agentledger.gateway.support.validation;

import io.agentledger.api.mcp.McpServerQuery.ListMcpServerNames;
import io.agentledger.api.permission.ToolGroupQuery.ListToolGroupNames;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Refuses references to tools that can never match. */
@Component
public class ToolNameValidator {
  private final MessageGateway messageGateway;

  ToolNameValidator(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  /**
   * Completes if all references are valid; otherwise fails with an {@link InvalidRequestException}
   * that has all violations.
   */
  public Mono<Void> check(RequestContext context, List<ToolReference> references) {
    return findViolations(context, new RequestReferences(references, List.of(), List.of(), null))
        .flatMap(
            violations ->
                violations.isEmpty()
                    ? Mono.empty()
                    : Mono.error(new InvalidRequestException(violations)));
  }

  /** Returns the violations of the references, in their order. */
  public Mono<List<Violation>> findViolations(
      RequestContext context, RequestReferences references) {
    return knownTools(context, references)
        .map(
            known ->
                references.tools().stream()
                    .flatMap(
                        reference ->
                            known
                                .findViolation(reference)
                                .map(detail -> Violation.body(reference.pointer(), detail))
                                .stream())
                    .toList());
  }

  private Mono<KnownTools> knownTools(RequestContext context, RequestReferences references) {
    if (references.tools().stream().noneMatch(ToolReference::needsTenantNames))
      return Mono.just(new KnownTools(List.of(), List.of()));
    return Mono.zip(
        messageGateway.queryList(context, new ListToolGroupNames(context.tenant()), String.class),
        messageGateway.queryList(
            context, new ListMcpServerNames(context.tenant(), references.session()), String.class),
        (groups, servers) ->
            new KnownTools(
                groups, Stream.concat(servers.stream(), references.servers().stream()).toList()));
  }
}
