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
import io.agentledger.projection.template.TemplateRowRepository.TemplateFilter;
import io.agentledger.projection.template.TemplateRowRepository.TemplateViewer;
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

  private void append(TemplateEvent... events) {
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
    var definition = sealer.seal(template, TemplateCreated.class, "definition", "{}");
    return new TemplateCreated(
        template, OWNER, TemplateSharing.PRIVATE, List.of(), name, "", definition);
  }

  private TemplateChanged changed(TemplateSharing sharing) {
    var definition = sealer.seal(id, TemplateChanged.class, "definition", "{}");
    return new TemplateChanged(id, 2, sharing, List.of(), "new", "reviews", definition);
  }

  private static TemplateViewer reader(UserId user, boolean all) {
    return new TemplateViewer(ADA.tenant().value(), user.value(), all);
  }

  private boolean isSeenBy(TemplateViewer templateViewer) {
    return templates.find(templateViewer, id.value()).isPresent();
  }

  @Test
  void privateTemplateIsVisibleToItsOwnerAndToAuditors() {
    append(created(id, "old"));
    assertThat(isSeenBy(reader(OWNER, false))).isTrue();
    assertThat(isSeenBy(reader(OTHER, true))).isTrue();
    assertThat(isSeenBy(reader(OTHER, false))).isFalse();
    assertThat(isSeenBy(new TemplateViewer("tnt_2222222222", OWNER.value(), true))).isFalse();
    append(changed(TemplateSharing.TENANT));
    assertThat(isSeenBy(reader(OTHER, false))).isTrue();
    assertThat(isSeenBy(new TemplateViewer("tnt_2222222222", OWNER.value(), true))).isFalse();
  }

  @Test
  void templateSharedWithListedUsersIsVisibleToThem() {
    append(created(id, "old"));
    var definition = sealer.seal(id, TemplateChanged.class, "definition", "{}");
    var users = List.of(OTHER, UserId.next());
    append(new TemplateChanged(id, 2, TemplateSharing.USERS, users, "new", "", definition));
    assertThat(isSeenBy(reader(OTHER, false))).isTrue();
    assertThat(isSeenBy(reader(users.getLast(), false))).isTrue();
    assertThat(isSeenBy(reader(UserId.next(), false))).isFalse();
    assertThat(isSeenBy(new TemplateViewer("tnt_2222222222", OTHER.value(), false))).isFalse();
    append(new TemplateChanged(id, 3, TemplateSharing.PRIVATE, List.of(), "new", "", definition));
    assertThat(isSeenBy(reader(OTHER, false))).isFalse();
    assertThat(versions.page(id.value(), Long.MAX_VALUE, Limit.of(10)))
        .extracting(TemplateVersionRow::sharedWith)
        .containsExactly(List.of(), users, List.of());
  }

  @Test
  void everyVersionIsKept() {
    append(created(id, "old"), changed(TemplateSharing.TENANT), new TemplateArchived(id));
    assertThat(versions.page(id.value(), Long.MAX_VALUE, Limit.of(10)))
        .extracting(row -> row.version() + row.name() + row.archived())
        .containsExactly("2newtrue", "2newfalse", "1oldfalse");
    var listed = templates.pageNewestFirst(reader(OWNER, false), ALL, NEVER, "", Limit.of(100));
    assertThat(listed).noneMatch(template -> template.template().id().equals(id.value()));
  }

  private static final TemplateFilter ALL = new TemplateFilter("", false);

  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

  @Test
  void listIsFilteredByCategory() {
    append(created(id, "old"), changed(TemplateSharing.PRIVATE));
    for (var category : List.of("reviews", "other"))
      assertThat(
              templates.pageNewestFirst(
                  reader(OWNER, false),
                  new TemplateFilter(category, false),
                  NEVER,
                  "",
                  Limit.of(100)))
          .extracting(template -> template.template().id())
          .isEqualTo(category.equals("reviews") ? List.of(id.value()) : List.of());
  }

  @Test
  void everySessionCountsOnceEvenAfterAReplay() {
    var never = TemplateId.next();
    append(created(id, "used"));
    number = 0;
    append(created(never, "never"));
    for (int i = 0; i < 5; i++) newSession().opened("one", new SessionOrigin.Templated(id, 1));
    newSession().opened("fresh");
    awaitTemplates();
    var before = rows();
    assertThat(sessionCount(id)).isEqualTo(5);
    assertThat(sessionCount(never)).isZero();
    var most =
        templates
            .pageMostUsedFirst(reader(OWNER, false), ALL, Long.MAX_VALUE, "", Limit.of(100))
            .stream()
            .map(template -> template.template().id())
            .toList();
    assertThat(most.indexOf(id.value())).isLessThan(most.indexOf(never.value()));

    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new ReplayProjection("template", null)));
    awaitTemplates();
    assertThat(rows()).isEqualTo(before);
  }

  private long sessionCount(TemplateId template) {
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
