/*
 * switch - context_switch(from, to) in assembly, for x86-64 (System V ABI)
 * and aarch64 (AAPCS64).  Pushes what a callee must keep, stores the stack
 * pointer in *from, takes it from *to, pops, returns.  The CFI lets debuggers
 * and valgrind walk the stack at every instruction.
 */
#if defined(__x86_64__)

    .text
    .globl context_switch
    .hidden context_switch
    .type context_switch, @function
    .p2align 4
context_switch:
    .cfi_startproc
    endbr64
    pushq %rbp
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rbp, 0
    pushq %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rbx, 0
    pushq %r12
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r12, 0
    pushq %r13
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r13, 0
    pushq %r14
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r14, 0
    pushq %r15
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r15, 0
    subq $8, %rsp
    .cfi_adjust_cfa_offset 8
    stmxcsr (%rsp)
    fnstcw 4(%rsp)

    movq %rsp, (%rdi)
    movq (%rsi), %rsp

    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    addq $8, %rsp
    .cfi_adjust_cfa_offset -8
    popq %r15
    .cfi_adjust_cfa_offset -8
    .cfi_restore r15
    popq %r14
    .cfi_adjust_cfa_offset -8
    .cfi_restore r14
    popq %r13
    .cfi_adjust_cfa_offset -8
    .cfi_restore r13
    popq %r12
    .cfi_adjust_cfa_offset -8
    .cfi_restore r12
    popq %rbx
    .cfi_adjust_cfa_offset -8
    .cfi_restore rbx
    popq %rbp
    .cfi_adjust_cfa_offset -8
    .cfi_restore rbp
    ret
    .cfi_endproc
    .size context_switch, . - context_switch

/* The first thing a new context runs: entry in r12, arg in r13. */
    .globl context_start
    .hidden context_start
    .type context_start, @function
    .p2align 4
context_start:
    .cfi_startproc
    .cfi_undefined rip
    endbr64
    movq %r13, %rdi
    callq *%r12
    ud2
    .cfi_endproc
    .size context_start, . - context_start

#elif defined(__aarch64__)

    .text
    .globl context_switch
    .hidden context_switch
    .type context_switch, %function
    .p2align 4
context_switch:
    .cfi_startproc
    hint #34 /* bti c */
    sub sp, sp, #160
    .cfi_adjust_cfa_offset 160
    stp d8, d9, [sp, #0]
    stp d10, d11, [sp, #16]
    stp d12, d13, [sp, #32]
    stp d14, d15, [sp, #48]
    stp x19, x20, [sp, #64]
    .cfi_rel_offset x19, 64
    .cfi_rel_offset x20, 72
    stp x21, x22, [sp, #80]
    .cfi_rel_offset x21, 80
    .cfi_rel_offset x22, 88
    stp x23, x24, [sp, #96]
    .cfi_rel_offset x23, 96
    .cfi_rel_offset x24, 104
    stp x25, x26, [sp, #112]
    .cfi_rel_offset x25, 112
    .cfi_rel_offset x26, 120
    stp x27, x28, [sp, #128]
    .cfi_rel_offset x27, 128
    .cfi_rel_offset x28, 136
    stp x29, x30, [sp, #144]
    .cfi_rel_offset x29, 144
    .cfi_rel_offset x30, 152

    mov x9, sp
    str x9, [x0]
    ldr x9, [x1]
    mov sp, x9

    ldp d8, d9, [sp, #0]
    ldp d10, d11, [sp, #16]
    ldp d12, d13, [sp, #32]
    ldp d14, d15, [sp, #48]
    ldp x19, x20, [sp, #64]
    ldp x21, x22, [sp, #80]
    ldp x23, x24, [sp, #96]
    ldp x25, x26, [sp, #112]
    ldp x27, x28, [sp, #128]
    ldp x29, x30, [sp, #144]
    add sp, sp, #160
    .cfi_adjust_cfa_offset -160
    ret
    .cfi_endproc
    .size context_switch, . - context_switch

/* The first thing a new context runs: arg in x19, entry in x20. */
    .globl context_start
    .hidden context_start
    .type context_start, %function
    .p2align 4
context_start:
    .cfi_startproc
    .cfi_undefined x30
    hint #36 /* bti j */
    mov x0, x19
    blr x20
    brk #1
    .cfi_endproc
    .size context_start, . - context_start

#else
#error "no context switch for this machine: use -DAFETCH_CONTEXT=ucontext"
#endif

/* Indirect branches land on marks only.  There is no mark for a shadow stack:
 * a switch leaves the one it was called on. */
#if defined(__CET__) && __CET__ & 1
    .section .note.gnu.property, "a", %note
    .p2align 3
    .long 4, 16, 5 /* sizes of name and properties, NT_GNU_PROPERTY_TYPE_0 */
    .asciz "GNU"
    .long 0xc0000002, 4, 1, 0 /* GNU_PROPERTY_X86_FEATURE_1_AND: IBT */
#elif defined(__ARM_FEATURE_BTI_DEFAULT)
    .section .note.gnu.property, "a", %note
    .p2align 3
    .long 4, 16, 5
    .asciz "GNU"
    .long 0xc0000000, 4, 1, 0 /* GNU_PROPERTY_AARCH64_FEATURE_1_AND: BTI */
#endif

    .section .note.GNU-stack, "", %progbits
