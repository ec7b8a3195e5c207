package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentView;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.Objects;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Exports agents as zip archives, and imports them. */
@Component
class AgentFolderService {
  private final AgentService agentService;
  private final AgentFolder agentFolder;
  private final MessageGateway messageGateway;
  private final RequestValidator validator;
  private final WireJson json;

  AgentFolderService(
      AgentService agentService,
      AgentFolder agentFolder,
      MessageGateway messageGateway,
      RequestValidator validator,
      WireJson json) {
    this.agentService = agentService;
    this.agentFolder = agentFolder;
    this.messageGateway = messageGateway;
    this.validator = validator;
    this.json = json;
  }

  Mono<byte[]> exportFolder(RequestContext context, AgentId id) {
    return agentService
        .find(context, id)
        .flatMap(
            agent ->
                messageGateway.offload(
                    () -> Mono.just(AgentZip.write(agentFolder.toFiles(agent)))));
  }

  /**
   * Creates an agent, or the next version of the one that has its name and is visible to the
   * caller; an unchanged agent gets no version.
   */
  Mono<AgentView> importFolder(RequestContext context, byte[] archive, IdempotencyKey key) {
    return messageGateway
        .offload(() -> Mono.just(validator.check(agentFolder.toRequest(AgentZip.read(archive)))))
        .flatMap(
            request ->
                agentService
                    .list(context, request.name(), false, new PageRequest(1, null))
                    .flatMap(
                        agents ->
                            agents.items().isEmpty()
                                ? agentService.create(context, request, key.with(request))
                                : change(context, agents.items().getFirst(), request)));
  }

  private Mono<AgentView> change(RequestContext context, AgentView agent, AgentRequest request) {
    return hasDefinition(agent, request)
        ? Mono.just(agent)
        : agentService.change(
            context, agent.id(), agent.version(), request.withSharing(agent.sharing()));
  }

  private boolean hasDefinition(AgentView agent, AgentRequest request) {
    var definition = request.toDefinition();
    return Objects.equals(agent.description(), definition.description())
        && Objects.equals(agent.instructions(), definition.instructions())
        && json.parseObject(agent.session().text())
            .equals(json.parseObject(definition.session().text()));
  }
}
