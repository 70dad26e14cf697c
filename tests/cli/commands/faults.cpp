#include "tests/cli/commands/faults.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace emlc::cli_test {
namespace {

/// Shared with the copy of the process, which tells how far it came.
struct Shared {
  Plan plan;
  long count = 0;
};

bool is_armed = false;
Shared* shared = nullptr;

/// Counts a call; true for the one that is to fail.
bool fails(Call call) {
  if (!is_armed || shared->plan.call != call || ++shared->count != shared->plan.number) return false;
  if (shared->plan.fault == Fault::killed) raise(SIGKILL);
  return true;
}

int refuse(int code) {
  errno = code;
  return -1;
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

std::string content(int descriptor) {
  std::string text(static_cast<std::size_t>(lseek(descriptor, 0, SEEK_END)), '\0');
  if (pread(descriptor, text.data(), text.size(), 0) < 0) text.clear();
  return text;
}

}  // namespace

Ended run_with(const Plan& plan, const std::function<int()>& command) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "no shared memory");
  shared = new (memory) Shared{.plan = plan};
  const int err = memfd_create("stderr", MFD_CLOEXEC);
  const pid_t child = fork();
  if (child == 0) {
    dup2(err, STDERR_FILENO);
    for (const int signal : {SIGSEGV, SIGABRT, SIGTERM, SIGINT}) std::signal(signal, SIG_DFL);
    is_armed = true;
    const int exit_code = command();
    is_armed = false;
    _exit(exit_code);
  }
  if (plan.kill_after) {
    usleep(*plan.kill_after);
    kill(child, SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  Ended ended{.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
              .err = content(err),
              .n_calls = shared->count};
  close(err);
  munmap(memory, sizeof(Shared));
  return ended;
}

}  // namespace emlc::cli_test

// These take the place of libc's in the whole program.

using emlc::cli_test::Call;
using emlc::cli_test::fails;
using emlc::cli_test::next;
using emlc::cli_test::refuse;

extern "C" {

void* __libc_malloc(std::size_t size);                 // NOLINT(bugprone-reserved-identifier)
void* __libc_calloc(std::size_t n, std::size_t size);  // NOLINT(bugprone-reserved-identifier)
void* __libc_realloc(void* old, std::size_t size);     // NOLINT(bugprone-reserved-identifier)

void* malloc(std::size_t size) noexcept {
  if (!fails(Call::allocate)) return __libc_malloc(size);
  errno = ENOMEM;
  return nullptr;
}

void* calloc(std::size_t n, std::size_t size) noexcept {
  if (!fails(Call::allocate)) return __libc_calloc(n, size);
  errno = ENOMEM;
  return nullptr;
}

void* realloc(void* old, std::size_t size) noexcept {
  if (!fails(Call::allocate)) return __libc_realloc(old, size);
  errno = ENOMEM;
  return nullptr;
}

int open(const char* path, int flags, ...) {
  if (fails(Call::open)) return refuse(EMFILE);
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return next<int(const char*, int, ...)>("open")(path, flags, mode);
}

ssize_t read(int descriptor, void* bytes, std::size_t n) {
  if (fails(Call::read)) return refuse(EIO);
  return next<ssize_t(int, void*, std::size_t)>("read")(descriptor, bytes, n);
}

ssize_t write(int descriptor, const void* bytes, std::size_t n) {
  if (fails(Call::write)) return refuse(ENOSPC);
  return next<ssize_t(int, const void*, std::size_t)>("write")(descriptor, bytes, n);
}

int fsync(int descriptor) {
  if (fails(Call::fsync)) return refuse(EIO);
  return next<int(int)>("fsync")(descriptor);
}

int fchmod(int descriptor, mode_t mode) noexcept {
  if (fails(Call::fchmod)) return refuse(EPERM);
  return next<int(int, mode_t)>("fchmod")(descriptor, mode);
}

int rename(const char* from, const char* to) noexcept {
  if (fails(Call::rename)) return refuse(EIO);
  return next<int(const char*, const char*)>("rename")(from, to);
}

int link(const char* from, const char* to) noexcept {
  if (fails(Call::link)) return refuse(EPERM);
  return next<int(const char*, const char*)>("link")(from, to);
}

}  // extern "C"
