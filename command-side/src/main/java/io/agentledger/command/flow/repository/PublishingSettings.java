package io.agentledger.command.flow.repository;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the publication of sessions' files in repositories; {@code agentledger.git} limits
 * its time, and {@code agentledger.outbound} its hosts.
 *
 * @param committerName name of the committer of all commits
 * @param committerEmail e-mail address of the committer
 * @param maxConcurrent [1..16] clones at the same time; others wait
 * @param cloneBytesMax [1MB..4GB] maximum size of the cloned commit, compressed
 * @param pushBytesMax [1KB..256MB] maximum size of pushed changes, compressed; kept in memory
 * @param fileBytesMax [1KB..100MB] maximum size of a changed file; GitHub refuses larger ones
 * @param filesMax [1..50000] maximum number of changed files
 * @param allowWorkflows whether files in {@code .github/workflows} may be changed, which GitHub
 *     executes with the repository's secrets
 */
@Validated
@ConfigurationProperties("agentledger.publishing")
public record PublishingSettings(
    @DefaultValue("Agentledger") @NotBlank @Pattern(regexp = "[^<>\\n]{1,100}")
        String committerName,
    @DefaultValue("agentledger@noreply.invalid") @Pattern(regexp = "[^<>\\s]{1,200}")
        String committerEmail,
    @DefaultValue("2") @Min(1) @Max(16) int maxConcurrent,
    @DefaultValue("512MB") DataSize cloneBytesMax,
    @DefaultValue("32MB") DataSize pushBytesMax,
    @DefaultValue("50MB") DataSize fileBytesMax,
    @DefaultValue("3000") @Min(1) @Max(50_000) int filesMax,
    @DefaultValue("false") boolean allowWorkflows) {
  public PublishingSettings {
    require("clone-bytes-max", cloneBytesMax, DataSize.ofMegabytes(1), DataSize.ofGigabytes(4));
    require("push-bytes-max", pushBytesMax, DataSize.ofKilobytes(1), DataSize.ofMegabytes(256));
    require("file-bytes-max", fileBytesMax, DataSize.ofKilobytes(1), DataSize.ofMegabytes(100));
  }

  private static void require(String name, DataSize size, DataSize min, DataSize max) {
    if (size.compareTo(min) < 0 || size.compareTo(max) > 0)
      throw new IllegalArgumentException(
          "agentledger.publishing." + name + " must be " + min + " to " + max);
  }
}
