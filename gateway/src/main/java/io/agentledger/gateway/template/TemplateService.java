package io.agentledger.gateway.template;

import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.template.TemplateCommand.ArchiveTemplate;
import io.agentledger.api.template.TemplateCommand.ChangeTemplate;
import io.agentledger.api.template.TemplateCommand.CreateTemplate;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateQuery.FindTemplate;
import io.agentledger.api.template.TemplateQuery.ListTemplateVersions;
import io.agentledger.api.template.TemplateQuery.ListTemplates;
import io.agentledger.api.template.TemplateQuery.Order;
import io.agentledger.api.template.TemplateVersionView;
import io.agentledger.api.template.TemplateView;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What REST and RSocket do with templates in common. */
@Component
class TemplateService {
  private final MessageGateway bus;
  private final TemplateValidator checks;

  TemplateService(MessageGateway bus, TemplateValidator checks) {
    this.bus = bus;
    this.checks = checks;
  }

  Mono<TemplateView> create(
      RequestContext visit, TemplateRequest wish, @Nullable Idempotency idempotency) {
    var terms = wish.toTerms();
    checks.check(terms);
    var command =
        new CreateTemplate(
            TemplateId.next(),
            visit.caller().user(),
            wish.sharingOrNone(),
            wish.name(),
            terms,
            idempotency);
    return bus.<TemplateId>send(visit, command).flatMap(id -> find(visit, id));
  }

  Mono<TemplateView> change(
      RequestContext visit, TemplateId id, long version, TemplateRequest wish) {
    var terms = wish.toTerms();
    checks.check(terms);
    var command = new ChangeTemplate(id, wish.sharingOrNone(), wish.name(), terms, version);
    return bus.send(visit, command).then(find(visit, id));
  }

  /** Which templates; null is newest first. */
  record ListParams(@Nullable Order order, boolean includeArchived, PageRequest page) {}

  Mono<Page<TemplateView>> list(RequestContext visit, ListParams some) {
    var order = some.order() == null ? Order.NEWEST : some.order();
    return bus.askPage(
        visit, new ListTemplates(visit.tenant(), order, some.includeArchived(), some.page()));
  }

  Mono<TemplateView> find(RequestContext visit, TemplateId id) {
    return bus.ask(visit, new FindTemplate(visit.tenant(), id), TemplateView.class);
  }

  Mono<Void> archive(RequestContext visit, TemplateId id) {
    return bus.send(visit, new ArchiveTemplate(id)).then();
  }

  Mono<Page<TemplateVersionView>> history(RequestContext visit, TemplateId id, PageRequest page) {
    return bus.askPage(visit, new ListTemplateVersions(visit.tenant(), id, page));
  }
}
