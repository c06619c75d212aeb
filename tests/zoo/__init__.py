"""The zoo: programs that afetch meets, what they answer and what afetch says
of that.

    programs  which there are, which are installed, and a visit to one
    cage      namespaces around one program, and how it is started
    inside    the first process in a cage
    table     what is known: KIND.tsv
    web, dns, proxies, readers
              a row for each program, and what a visitor asks of it
"""
