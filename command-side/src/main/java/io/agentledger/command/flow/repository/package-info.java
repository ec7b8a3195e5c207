/**
 * Publication of the files of sessions in repositories: from clean clones outside of the sandbox,
 * which alone have a credential.
 */
@NullMarked
package io.agentledger.command.flow.repository;

import org.jspecify.annotations.NullMarked;
