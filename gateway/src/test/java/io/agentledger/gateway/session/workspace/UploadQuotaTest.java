package io.agentledger.gateway.session.workspace;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.scripted.ScriptedBackend;
import org.junit.jupiter.api.Test;

class UploadQuotaTest {
  private static final long MIB = 1024 * 1024;
  private static final UserLimits LIMITS =
      new UserLimits(1, 1, 10, 8, 1, 1, MonthlyBudget.UNLIMITED);
  private static final RequestContext CONTEXT =
      new RequestContext(ScriptedBackend.OWNER, "req_1", RequestSource.NONE);

  private final UploadQuota quota = new UploadQuota();

  private UploadQuota.Upload begin() {
    return quota.begin(CONTEXT, LIMITS);
  }

  @Test
  void uploadIsLimitedToAWorkspace() {
    var upload = begin();
    upload.add(8 * MIB);
    assertThatThrownBy(() -> upload.add(1)).hasMessageContaining("workspace_mib of 8 MiB");
  }

  @Test
  void uploadsInProgressShareTheStorageOfTheirUser() {
    begin().add(8 * MIB);
    var second = begin();
    second.add(2 * MIB);
    assertThatThrownBy(() -> second.add(1)).hasMessageContaining("storage_mib of 10 MiB");
  }

  @Test
  void endedUploadIsNotCounted() {
    try (var first = begin()) {
      first.add(8 * MIB);
    }
    begin().add(8 * MIB);
  }

  @Test
  void unpackedFilesAreCountedInsteadOfTheirArchive() {
    var upload = begin();
    upload.add(6 * MIB);
    upload.replaceBy(8 * MIB);
    begin().add(2 * MIB);
  }
}
