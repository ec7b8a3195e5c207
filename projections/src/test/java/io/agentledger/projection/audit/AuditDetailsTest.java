package io.agentledger.projection.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedDirectory;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.Id;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.store.crypto.Sealer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditDetailsTest {
  private static final Sealer NOTHING =
      new Sealer() {
        @Override
        public Content seal(Id subject, Class<?> event, String field, String text) {
          return Content.ABSENT;
        }

        @Override
        public String open(Id subject, Class<?> event, String field, Content content) {
          return "";
        }
      };

  private final List<SessionEvent> events = new ArrayList<>();
  private final SessionEventFixture fixture =
      new SessionEventFixture((number, event) -> events.add(event), NOTHING);

  @Test
  void anOpeningNamesTheFoldersOfTheHost() {
    fixture.opened(
        SealedAgentSetup.NONE,
        SealedTools.NONE,
        new SealedFolder(Content.ABSENT, 7),
        List.of(
            new SealedDirectory("data", true, Content.ABSENT),
            new SealedDirectory("libs", false, Content.ABSENT)));
    assertThat(AuditDetails.toJson(events.getFirst()))
        .contains("\"folder\":\"inode 7\"")
        .contains("\"directories\":\"data (writable), libs\"");
  }

  @Test
  void endOfAShareNamesItsAudience() {
    var user = UserId.next();
    assertThat(AuditDetails.toJson(new SessionUnshared(SessionId.next(), new Audience.User(user))))
        .contains("\"audience\":\"" + user.value() + "\"");
    assertThat(AuditDetails.toJson(new SessionUnshared(SessionId.next(), new Audience.Tenant())))
        .contains("\"audience\":\"tenant\"");
  }

  @Test
  void anOpeningWithNoFolderOfTheHostNamesNone() {
    fixture.opened("t");
    assertThat(AuditDetails.toJson(events.getFirst())).doesNotContain("folder", "directories");
  }
}
