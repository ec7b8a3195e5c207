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
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Visit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What REST and RSocket do with templates in common. */
@Component
class TemplateDesk {
  private final Bus bus;
  private final TemplateChecks checks;

  TemplateDesk(Bus bus, TemplateChecks checks) {
    this.bus = bus;
    this.checks = checks;
  }

  Mono<TemplateView> create(Visit visit, NewTemplate wish, @Nullable Idempotency idempotency) {
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

  Mono<TemplateView> change(Visit visit, TemplateId id, long version, NewTemplate wish) {
    var terms = wish.toTerms();
    checks.check(terms);
    var command = new ChangeTemplate(id, wish.sharingOrNone(), wish.name(), terms, version);
    return bus.send(visit, command).then(find(visit, id));
  }

  /** Which templates; null is newest first. */
  record Some(@Nullable Order order, boolean includeArchived, PageRequest page) {}

  Mono<Page<TemplateView>> list(Visit visit, Some some) {
    var order = some.order() == null ? Order.NEWEST : some.order();
    return bus.askPage(
        visit, new ListTemplates(visit.tenant(), order, some.includeArchived(), some.page()));
  }

  Mono<TemplateView> find(Visit visit, TemplateId id) {
    return bus.ask(visit, new FindTemplate(visit.tenant(), id), TemplateView.class);
  }

  Mono<Void> archive(Visit visit, TemplateId id) {
    return bus.send(visit, new ArchiveTemplate(id)).then();
  }

  Mono<Page<TemplateVersionView>> history(Visit visit, TemplateId id, PageRequest page) {
    return bus.askPage(visit, new ListTemplateVersions(visit.tenant(), id, page));
  }
}
