package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.command.claude.host.HostUser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** Tests the check of the required sandbox level, and its report. */
@ExtendWith(OutputCaptureExtension.class)
class SandboxLevelCheckTest {
  @Configuration(proxyBeanMethods = false)
  static class Empty {}

  @Test
  void wrongLevelIsReportedWithItsSettingAndWithoutAStackTrace(CapturedOutput output) {
    var application = new SpringApplication(Empty.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    assertThatThrownBy(() -> application.run("--agentledger.claude.sandbox=fulll"))
        .hasRootCauseInstanceOf(SandboxUnavailableException.class);
    assertThat(output.getAll())
        .contains("AGENTLEDGER_SANDBOX is \"fulll\"; it may be full, shared-uid or none")
        .contains("Set AGENTLEDGER_SANDBOX to one of them, or unset it")
        .doesNotContain("\tat ");
  }

  @Test
  void missingProgramIsReportedWithItsPackage() {
    assertThatThrownBy(() -> SandboxRequirements.check("full", new HostUser(0), "/nowhere:/none"))
        .hasMessageContaining("AGENTLEDGER_SANDBOX is full, and the program bwrap is missing");
  }
}
