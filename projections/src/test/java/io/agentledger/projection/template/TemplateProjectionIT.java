package io.agentledger.projection.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.template.TemplateEvent;
import io.agentledger.api.template.TemplateEvent.TemplateArchived;
import io.agentledger.api.template.TemplateEvent.TemplateChanged;
import io.agentledger.api.template.TemplateEvent.TemplateCreated;
import io.agentledger.api.template.TemplateId;
import io.agentledger.api.template.TemplateSharing;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.template.TemplateRowRepository.Reader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;

class TemplateProjectionIT extends ProjectionTestSupport {
  private static final UserId OWNER = UserId.next();
  private static final UserId OTHER = UserId.next();

  @Autowired private TemplateRowRepository templates;
  @Autowired private TemplateVersionRowRepository versions;
  @Autowired private CommandGateway commands;

  private final TemplateId id = TemplateId.next();
  private long number;

  private void happens(TemplateEvent... events) {
    for (var event : events)
      append(
          List.of(
              new GenericDomainEventMessage<>(
                      "Template", event.templateId().value(), number++, event)
                  .withMetaData(provenance())));
    awaitTemplates();
  }

  private void awaitTemplates() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              var state = projections.state("template");
              return !state.replaying() && state.position() >= head();
            });
  }

  private TemplateCreated created(TemplateId template, String name) {
    var terms = sealer.seal(template, TemplateCreated.class, "terms", "{}");
    return new TemplateCreated(template, OWNER, TemplateSharing.PRIVATE, name, terms);
  }

  private TemplateChanged changed(TemplateSharing sharing) {
    var terms = sealer.seal(id, TemplateChanged.class, "terms", "{}");
    return new TemplateChanged(id, 2, sharing, "new", terms);
  }

  private static Reader reader(UserId user, boolean all) {
    return new Reader(ADA.tenant().value(), user.value(), all);
  }

  private boolean isSeenBy(Reader reader) {
    return templates.find(reader, id.value()).isPresent();
  }

  @Test
  void aPrivateTemplateIsItsOwnersAndThoseWhoSeeAll() {
    happens(created(id, "old"));
    assertThat(isSeenBy(reader(OWNER, false))).isTrue();
    assertThat(isSeenBy(reader(OTHER, true))).isTrue();
    assertThat(isSeenBy(reader(OTHER, false))).isFalse();
    assertThat(isSeenBy(new Reader("tnt_2222222222", OWNER.value(), true))).isFalse();
    happens(changed(TemplateSharing.TENANT));
    assertThat(isSeenBy(reader(OTHER, false))).isTrue();
    assertThat(isSeenBy(new Reader("tnt_2222222222", OWNER.value(), true))).isFalse();
  }

  @Test
  void everythingItEverSaidIsKept() {
    happens(created(id, "old"), changed(TemplateSharing.TENANT), new TemplateArchived(id));
    assertThat(versions.page(id.value(), Long.MAX_VALUE, Limit.of(10)))
        .extracting(row -> row.version() + row.name() + row.archived())
        .containsExactly("2newtrue", "2newfalse", "1oldfalse");
    var listed = templates.newest(reader(OWNER, false), false, NEVER, "", Limit.of(100));
    assertThat(listed).noneMatch(one -> one.template().id().equals(id.value()));
  }

  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

  @Test
  void eachSessionCountsOnceAlsoAfterAReplay() {
    var never = TemplateId.next();
    happens(created(id, "used"));
    number = 0;
    happens(created(never, "never"));
    for (int i = 0; i < 5; i++) story().opened("one", new SessionOrigin.Templated(id, 1));
    story().opened("fresh");
    awaitTemplates();
    var before = rows();
    assertThat(counted(id)).isEqualTo(5);
    assertThat(counted(never)).isZero();
    var most =
        templates.mostUsed(reader(OWNER, false), false, Long.MAX_VALUE, "", Limit.of(100)).stream()
            .map(one -> one.template().id())
            .toList();
    assertThat(most.indexOf(id.value())).isLessThan(most.indexOf(never.value()));

    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new ReplayProjection("template", null)));
    awaitTemplates();
    assertThat(rows()).isEqualTo(before);
  }

  private long counted(TemplateId template) {
    return templates.find(reader(OWNER, false), template.value()).orElseThrow().uses();
  }

  @Override
  protected Map<String, List<String>> rows() {
    var rows = new TreeMap<String, List<String>>();
    Stream.of("template_row", "template_version_row", "template_use_row", "template_count_row")
        .forEach(
            table ->
                rows.put(
                    table,
                    sql.queryForList(
                        "select t::text from " + table + " t order by 1", String.class)));
    return rows;
  }
}
