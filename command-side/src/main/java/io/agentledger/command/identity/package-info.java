/** Knows the local owner: whose the installation is, and by which key that is told. */
@NullMarked
package io.agentledger.command.identity;

import org.jspecify.annotations.NullMarked;
